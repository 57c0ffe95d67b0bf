import { until } from '../sandbox/infra/until.ts'
import { type World } from '../sandbox/world.ts'
import { percentile } from '../test/faults/chaos/figures.ts'
import { anOpenOrder, aProductOnSale } from '../shared/testing/a-shop.ts'
import { openClosing } from './ending.ts'
import { askBare } from './ask-bare.ts'
import { floodWith, type Letter, postEvenly, writeLetters } from './notifications/flood.ts'
import { commitsPerSecond } from './notifications/pgbench.ts'
import { openOutside, startService } from './outside.ts'
import { type Result } from './result.ts'

const count = 4_000
const rounds = 2
const atOnce = 32
const pgbenchSeconds = 8
const perSecond = 200
const plainHandler = new URL('notifications/plain-handler.ts', import.meta.url)

/** Signed notifications kept and answered by `ipn`, against the same insert by pgbench, and against a handler of a few lines. */
export async function notifications(): Promise<Result[]> {
  const closing = openClosing()
  try {
    const { world, databaseUrl: url, folder } = await openOutside(closing)
    const secret = world.environment['NOWPAYMENTS_IPN_SECRET'] ?? ''
    const letters = writeLetters((3 * rounds + 4) * count, ...(await aPayment(world)), secret).values()
    // a table of its own for the others: nobody acts upon what they keep
    await world.db.query('create table bench_events (like payment_events including all)')
    const handlers = [
      await askBare<string>(closing, plainHandler, { url, secret }),
      await askBare<string>(closing, plainHandler, { url, secret }, []),
    ] as const
    await startService(closing, world, 'ipn')
    const ipn = `${world.publicUrl}/ipn/nowpayments`
    const places = [...handlers, ipn]
    const best = places.map(() => 0)
    for (let round = -1; round < rounds; round++) {
      for (const [index, place] of places.entries()) {
        const rate = await floodWith(place, take(letters), atOnce)
        await untilActedUpon(world)
        if (round >= 0) best[index] = Math.max(best[index] ?? 0, rate) // all warm up first
      }
    }
    const commits = await commitsPerSecond(url, folder, atOnce, pgbenchSeconds)
    const p99 = await answerAtPace(world, ipn, take(letters))
    return [...compare(best, commits), p99]
  } finally {
    await closing.close()
  }
}

const take = (letters: Iterator<Letter, undefined>): Letter[] =>
  Array.from({ length: count }, () => letters.next().value).filter((letter) => letter !== undefined)

async function aPayment({ db, nowPayments }: World): Promise<[id: string, orderId: string]> {
  const { code, paymentId } = await anOpenOrder(db, await aProductOnSale(db))
  const orderId = `${code}-1`
  const { id } = nowPayments.create({ priceAmount: '21.48', priceCurrency: 'usd', payCurrency: 'usdtsol', orderId })
  await db.query('update payments set provider_id = $2 where id = $1', [paymentId, id])
  return [id, orderId]
}

/** What `ipn` still does about its own must not slow down the others. */
async function untilActedUpon({ db }: World): Promise<void> {
  await until(async () => {
    const { rowCount } = await db.query('select from payment_events where handled_at is null limit 1')
    return rowCount === 0 ? true : undefined
  }, 60_000)
}

/** Ten posts for seven notifications: three are repeated while the first is perhaps still on its way. */
async function answerAtPace({ db }: World, url: string, letters: readonly Letter[]): Promise<Result> {
  const countKept = async (): Promise<number> => {
    const { rows } = await db.query<{ count: number }>('select count(*)::int as count from payment_events')
    return rows[0]?.count ?? 0
  }
  const before = await countKept()
  const posts = letters.flatMap((letter, index) => (index % 7 < 3 ? [letter, letter] : [letter]))
  const taken = await postEvenly(url, posts, perSecond)
  const kept = (await countKept()) - before
  if (kept !== letters.length) throw new Error(`Expected ${letters.length} notifications, ${kept} were kept`)
  return {
    what: `Answer to a notification at ${perSecond} a second, three of ten repeated, p99`,
    unit: 'ms',
    ours: percentile(taken, 0.99),
    target: { most: 300 },
  }
}

function compare([plain = 0, plainAtEase = 0, ours = 0]: readonly number[], commits: number | undefined): Result[] {
  const common = { what: 'Signed notifications kept and answered', unit: 'a second', ours }
  const handler = 'a handler of twenty lines, Fastify and pg'
  const byPgbench = { of: 'the same insert, each its own commit, by pgbench', value: commits ?? 0 }
  return [
    { ...common, limit: { of: `${handler}, with the flags of the services`, value: plain }, target: { ratio: 0.8 } },
    { ...common, limit: { of: `${handler}, with Node's own flags`, value: plainAtEase } },
    ...(commits === undefined ? [] : [{ ...common, limit: byPgbench }]),
  ]
}
