import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { startPostgres } from '../sandbox/infra/postgres.ts'
import { until } from '../sandbox/infra/until.ts'
import { startWorld, type World } from '../sandbox/world.ts'
import { migrate } from '../shared/db/migrate.ts'
import { databaseFromUrl } from '../shared/runtime/settings.ts'
import { anOpenOrder, aProductOnSale } from '../shared/testing/a-shop.ts'
import { startProcess } from '../test/faults/service-process.ts'
import { Cleaner } from './cleaner.ts'
import { floodWith, writeLetters } from './notifications/flood.ts'
import { commitsPerSecond } from './notifications/pgbench.ts'
import { type Result } from './result.ts'

const count = 6_000
const atOnce = 32
const pgbenchSeconds = 8
const everyService = ['ipn', 'bot', 'delivery', 'media', 'janitor'] as const

/** Signed notifications kept and answered by `ipn`, against the same insert by pgbench, and against a handler of a few lines. */
export async function notifications(): Promise<Result[]> {
  const cleaner = new Cleaner()
  try {
    const folder = await mkdtemp(join(tmpdir(), 'comptoir-bench-'))
    cleaner.after(() => rm(folder, { recursive: true, force: true }))
    const postgres = await startPostgres({ dataDir: join(folder, 'postgres') })
    cleaner.after(() => postgres.remove())
    await postgres.ensureDatabase('comptoir')
    const url = postgres.url('comptoir')
    await migrate(databaseFromUrl(url), pino({ enabled: false }))
    const world = await startWorld({ database: databaseFromUrl(url), products: [], without: everyService })
    cleaner.after(() => world.close())
    const secret = world.environment['NOWPAYMENTS_IPN_SECRET'] ?? ''
    const letters = writeLetters(2 * count, ...(await aPayment(world)), secret)

    const plain = await startPlain(url, secret, cleaner)
    const limit = await floodWith(plain, letters.slice(0, count), atOnce)
    await startIpn(world, cleaner)
    const ours = await floodWith(`${world.publicUrl}/ipn/nowpayments`, letters.slice(count), atOnce)
    const commits = await commitsPerSecond(url, folder, atOnce, pgbenchSeconds)
    const what = 'Signed notifications kept and answered'
    return [
      {
        what,
        unit: 'a second',
        ours,
        limit: { of: 'a handler of twenty lines, Fastify and pg', value: limit },
        target: { ratio: 0.8 },
      },
      ...(commits === undefined
        ? []
        : [{ what, unit: 'a second', ours, limit: { of: 'the insert alone, by pgbench', value: commits } }]),
    ]
  } finally {
    await cleaner.clean()
  }
}

async function aPayment({ db, nowPayments }: World): Promise<[id: string, orderId: string]> {
  const { code, paymentId } = await anOpenOrder(db, await aProductOnSale(db))
  const orderId = `${code}-1`
  const { id } = nowPayments.create({ priceAmount: '21.48', priceCurrency: 'usd', payCurrency: 'usdtsol', orderId })
  await db.query('update payments set provider_id = $2 where id = $1', [paymentId, id])
  return [id, orderId]
}

async function startPlain(url: string, secret: string, cleaner: Cleaner): Promise<string> {
  const child = fork(fileURLToPath(new URL('notifications/plain-handler.ts', import.meta.url)), [url, secret])
  cleaner.after(async () => {
    if (child.exitCode === null && child.kill()) await once(child, 'exit')
  })
  const [address] = (await once(child, 'message')) as [string]
  return address
}

async function startIpn(world: World, cleaner: Cleaner): Promise<void> {
  const ipn = startProcess('ipn', { ...world.environment, PORT: new URL(world.publicUrl).port, LOG_LEVEL: 'warn' })
  cleaner.after(async () => {
    ipn.signal('SIGTERM')
    await ipn.ended
  })
  const isReady = async () =>
    (await fetch(`${world.publicUrl}/readyz`).catch(() => undefined))?.ok === true ? true : undefined
  await until(isReady, 60_000)
}
