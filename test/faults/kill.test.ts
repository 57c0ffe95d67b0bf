import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pino } from 'pino'
import { type Postgres, startPostgres } from '../../sandbox/infra/postgres.ts'
import { until } from '../../sandbox/infra/until.ts'
import { type Trouble } from '../../sandbox/telegram/faults.ts'
import { type World } from '../../sandbox/world.ts'
import { migrate } from '../../shared/db/migrate.ts'
import { databaseFromUrl } from '../../shared/runtime/settings.ts'
import { assertBooksBalance, orderStatus, Shopper } from '../shopper.ts'
import { hurry } from '../story.ts'
import { assertDeliveredOnce, untilNothingWaits } from './outcome.ts'
import { type Processes, startProcesses } from './processes.ts'

const productCode = 'TSBYEX23'
const withinMs = 60_000

type Purchase = { readonly buyer: Shopper; readonly paymentId: string; readonly orderCode: string }

describe('killed between payment and delivery', { timeout: 600_000 }, () => {
  let folder: string
  let postgres: Postgres
  let processes: Processes
  let world: World

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'comptoir-kill-'))
    postgres = await startPostgres({ dataDir: join(folder, 'postgres'), forTests: true })
    await postgres.ensureDatabase('comptoir')
    const database = databaseFromUrl(postgres.url('comptoir'))
    await migrate(database, pino({ enabled: false }))
    processes = await startProcesses({ database, products: [productCode], environment: hurry })
    world = processes.world
  })

  after(async () => {
    await processes.stop()
    await postgres.remove()
    await rm(folder, { recursive: true, force: true })
  })

  async function purchase(): Promise<Purchase> {
    const buyer = new Shopper(world)
    const { paymentId, orderCode } = await buyer.order(productCode)
    return { buyer, paymentId, orderCode }
  }

  async function arrives({ buyer, orderCode }: Purchase): Promise<void> {
    await assertDeliveredOnce(world, buyer, { orderCode, productCode, withinMs })
    await untilNothingWaits(world)
    assert.equal(buyer.files().length, 1)
    await assertBooksBalance(world)
  }

  const answerTo = (paymentId: string, status: string) =>
    world.nowPayments.payment(paymentId).notifications.find((sent) => sent.status === status)?.answer

  /** Paid and told, but NOWPayments cannot be asked yet: the window stays open while `work` runs. */
  async function whileUnread({ paymentId }: Purchase, work: () => Promise<void>): Promise<void> {
    const fault = world.nowPayments.faults.add({ kind: 'server-error', on: 'read', times: null })
    world.nowPayments.act(paymentId, { action: 'pay' })
    await until(() => Promise.resolve(answerTo(paymentId, 'finished')), withinMs)
    assert.equal(answerTo(paymentId, 'finished'), 200)
    await work()
    world.nowPayments.faults.remove(fault.id)
  }

  /** Paid and booked, its event given to NATS, but the delivery service stands still while `work` runs. */
  async function whileUndelivered({ paymentId, orderCode }: Purchase, work: () => Promise<void>): Promise<void> {
    await processes.whilePaused(['delivery'], async () => {
      world.nowPayments.act(paymentId, { action: 'pay' })
      await until(() => isPublished(world, orderCode), withinMs)
      await work()
    })
  }

  /** Paid, and the file's way into the chat runs into trouble; nobody but the delivery service may be editing. */
  async function deliverInto({ buyer, paymentId }: Purchase, trouble: Trouble): Promise<void> {
    const { faults } = world.telegram
    const { id } = faults.add({ ...trouble, method: 'editMessageMedia', chatId: buyer.id, count: 1 })
    world.nowPayments.act(paymentId, { action: 'pay' })
    await until(() => Promise.resolve(faults.list().find((fault) => fault.id === id && fault.struck > 0)), withinMs)
    faults.remove(id)
  }

  for (const name of ['ipn', 'bot', 'media', 'janitor'] as const) {
    test(`${name} is killed after the notification was answered: the file comes all the same`, async () => {
      const bought = await purchase()
      await whileUnread(bought, () => processes.kill(name))
      await arrives(bought)
      await processes.ready(name)
    })
  }

  test('delivery is killed while Telegram holds up one file and keeps quiet about another: each comes once', async () => {
    const [heldUp, hushedUp] = [await purchase(), await purchase()]
    await untilNothingWaits(world)
    await processes.whilePaused(['bot'], async () => {
      await deliverInto(heldUp, { kind: 'hang' })
      await deliverInto(hushedUp, { kind: 'hang', after: true })
      await hushedUp.buyer.seesFile(withinMs)
      assert.equal(heldUp.buyer.files().length, 0)
      await processes.kill('delivery')
    })
    await Promise.all([arrives(heldUp), arrives(hushedUp)])
  })

  test('nats-server is killed after it took the event', async () => {
    const bought = await purchase()
    await whileUndelivered(bought, () => world.nats.kill())
    await arrives(bought)
  })

  test('nats-server loses its disk, and the event with it: the sweep rings again', async () => {
    const bought = await purchase()
    await whileUndelivered(bought, async () => {
      await world.nats.wipe()
      await processes.kill('delivery') // what was already on the wire is lost as well
    })
    await arrives(bought)
  })

  test('PostgreSQL is killed with the paid order in it', async () => {
    const bought = await purchase()
    await whileUndelivered(bought, () => postgres.kill())
    await arrives(bought)
  })

  test('while PostgreSQL is away a notification is refused with 503, and the payment is found afterwards', async () => {
    const bought = await purchase()
    await untilNothingWaits(world)
    await postgres.down()
    world.nowPayments.act(bought.paymentId, { action: 'pay' })
    await until(() => Promise.resolve(answerTo(bought.paymentId, 'finished')), withinMs)
    assert.equal(answerTo(bought.paymentId, 'finished'), 503)
    await postgres.up()
    await hasten(world)
    await arrives(bought)
  })

  test('with every notification lost, the next look at NOWPayments finds the payment', async () => {
    const bought = await purchase()
    const fault = world.nowPayments.faults.add({ kind: 'drop', times: null })
    world.nowPayments.act(bought.paymentId, { action: 'pay' })
    await world.nowPayments.idle()
    assert.equal(answerTo(bought.paymentId, 'finished'), 'dropped')
    assert.equal(await orderStatus(world, bought.orderCode), 'awaiting_payment')
    await hasten(world)
    await arrives(bought)
    world.nowPayments.faults.remove(fault.id)
  })

  test('with nats-server away a sale goes on, and the file comes once it is back', async () => {
    await world.nats.down()
    const bought = await purchase()
    world.nowPayments.act(bought.paymentId, { action: 'pay' })
    await until(async () => ((await orderStatus(world, bought.orderCode)) === 'paid' ? true : undefined), withinMs)
    assert.equal(bought.buyer.files().length, 0)
    await world.nats.up()
    await arrives(bought)
  })
})

async function isPublished({ db }: World, orderCode: string): Promise<true | undefined> {
  const { rowCount } = await db.query(
    `select
       from outbox e
       join orders o on e.dedupe_key = o.id::text
      where o.code = $1
        and e.subject = 'payment.confirmed'
        and e.sent_at is not null`,
    [orderCode],
  )
  return rowCount === 0 ? undefined : true
}

/** A minute passes for payments: they are due to be read again. */
async function hasten({ db }: World): Promise<void> {
  await until(async () => {
    const { rowCount } = await db.query(
      `update payments set next_poll_at = clock_timestamp() where next_poll_at is not null returning id`,
    )
    return rowCount
  })
}
