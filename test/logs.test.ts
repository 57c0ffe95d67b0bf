import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type World } from '../sandbox/world.ts'
import { sign } from '../shared/nowpayments/signature.ts'
import { createTestDatabaseConfig } from '../shared/testing/database.ts'
import { untilNothingWaits } from './faults/outcome.ts'
import { startProcesses } from './faults/processes.ts'
import { Shopper, wordsOf } from './shopper.ts'
import { hurry } from './story.ts'

const productCode = 'AVR0RA23'

/** Whatever the services wrote, as a reader of the host's log finds it. */
test('no line of any log holds a secret, a link that opens something, or what people wrote', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'comptoir-logs-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  Object.assign(process.env, { WORLD_LOG: join(folder, 'log'), LOG_LEVEL: 'debug' })
  const processes = await startProcesses({
    database: await createTestDatabaseConfig({ after }),
    products: [productCode],
    environment: hurry,
  })
  const { world } = processes
  const opens: string[] = []
  try {
    const alice = new Shopper(world, 'Alice-of-the-logs')
    const { telegram, bucket, nowPayments } = world
    const { paymentId, orderCode, message } = await alice.order(productCode)
    for (const kind of ['drop', 'error'] as const) telegram.faults.add({ kind, method: 'edit*', count: 1 })
    const stop = bucket.faults.inject({ kind: 'reset', on: 'head', times: 1 })
    const unread = nowPayments.faults.add({ kind: 'server-error', on: 'read', times: 1 })
    nowPayments.act(paymentId, { action: 'pay' })
    const link = await alice.client.waitFor(({ messages }) => linkIn(messages), 60_000)
    stop()
    nowPayments.faults.remove(unread.id)

    const { pathname } = new URL(link)
    opens.push(pathname.split('/').at(-1) ?? '')
    for (const method of ['GET', 'HEAD', 'PUT']) await fetch(world.publicUrl + pathname, { method })
    const pressed = await fetch(world.publicUrl + pathname, { method: 'POST', redirect: 'manual' })
    const signed = new URL(pressed.headers.get('location') ?? '')
    opens.push(signed.searchParams.get('X-Amz-Signature') ?? '')
    alice.say('a search only Alice types')
    await alice.client.waitFor(({ messages }) => messages.at(-1)?.from === 'bot')
    opens.push(await forge(world.publicUrl))
    await untilNothingWaits(world)

    const address = /[1-9A-HJ-NP-Za-km-z]{32,44}/.exec(wordsOf(message))?.[0] ?? ''
    const hidden = [...secretsOf(world), ...opens, address, 'Alice-of-the-logs', 'only Alice types']
    assert.ok(opens.every((secret) => secret.length > 20) && address.length > 30)
    await processes.stop()
    const log = await readFile(join(folder, 'log'), 'utf8')
    assert.ok(log.includes('file delivered') && log.includes('download started') && log.includes('"level":"debug"'))
    assertTraced(log, paymentId, orderCode)
    for (const secret of hidden.filter((text) => text !== '')) {
      assert.equal(
        log.split('\n').find((line) => line.includes(secret)),
        undefined,
      )
    }
  } finally {
    await processes.stop()
  }
})

type Line = Readonly<Record<string, unknown>>

/** From the notification to the chat each line names what the next one is found by. */
function assertTraced(log: string, providerId: string, orderCode: string): void {
  const lines = log
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line)
  const next = (msg: string, facts: Line): Line =>
    lines.find((line) => line['msg'] === msg && Object.entries(facts).every(([name, value]) => line[name] === value)) ??
    assert.fail(`no line "${msg}" with ${JSON.stringify(facts)}`)
  const { eventId } = next('notification received', { providerId, status: 'finished', code: 'ipn.kept' })
  const { paymentId } = next('notification acted upon', { eventId })
  next('payment read', { paymentId, providerId, orderCode })
  const { orderId, deliveryId } = next('file delivered', { orderCode, isOurs: true })
  next('handled an event', { subject: 'payment.confirmed', durable: 'delivery-payment-confirmed', key: orderId })
  next('handled an event', { subject: 'delivery.requested', key: deliveryId })
}

/** What the operator gave to the services and to nobody else. */
function secretsOf({ environment }: World): string[] {
  const of = (name: string): string => environment[name] ?? assert.fail(`no ${name}`)
  const [, tokenPart = ''] = of('TELEGRAM_BOT_TOKEN').split(':')
  const names = ['B2_APPLICATION_KEY', 'NOWPAYMENTS_API_KEY', 'NOWPAYMENTS_IPN_SECRET']
  const { password } = new URL(of('DATABASE_URL'))
  return [tokenPart, ...names.map(of), ...(password === '' ? [] : [password])]
}

function linkIn(messages: readonly { keyboard?: { url?: string | undefined }[][] | undefined }[]): string | undefined {
  return messages
    .flatMap(({ keyboard }) => keyboard?.flat() ?? [])
    .map(({ url }) => url)
    .find((url) => url?.includes('/d/'))
}

/** A notification nobody at NOWPayments signed; returns its signature. */
async function forge(publicUrl: string): Promise<string> {
  const { body, signature } = sign('another secret', { payment_id: 1, payment_status: 'finished' })
  const headers = { 'content-type': 'application/json', 'x-nowpayments-sig': signature }
  assert.equal((await fetch(`${publicUrl}/ipn/nowpayments`, { method: 'POST', body, headers })).status, 401)
  return signature
}
