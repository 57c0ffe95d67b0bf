import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { releaseEscrow } from '../../services/janitor/chores/release-escrow.ts'
import { findPreparedBatch, lockBatch, markBatchConfirmed, markBatchOver } from '../../shared/db/batches.ts'
import { listBrokenInvariants } from '../../shared/db/invariants.ts'
import { insertEntry } from '../../shared/db/ledger.ts'
import { payOrder } from '../../shared/db/pay-order.ts'
import { listPayouts, markPayoutSent, releasePayout } from '../../shared/db/payouts.ts'
import { type Database, inTransaction } from '../../shared/db/pool.ts'
import { prepareBatch } from '../../shared/db/prepare-batch.ts'
import { recountBytes } from '../../shared/db/quotas.ts'
import { refundOrder } from '../../shared/db/refund-order.ts'
import { type BatchId, type OrderId, type PayoutId } from '../../shared/domain/ids.ts'
import { codeFrom, productCodeLength } from '../../shared/domain/public-code.ts'
import { anOpenOrder, aProductOnSale, type ProductOnSale } from '../../shared/testing/a-shop.ts'
import { choreDeps } from '../../shared/testing/chore-deps.ts'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { findsFault, modelRuns, seeded } from './runs.ts'

/** The steps that move money, one of which may be broken on purpose. */
type Steps = { readonly pay: typeof payOrder; readonly refund: typeof refundOrder }
const usual: Steps = { pay: payOrder, refund: refundOrder }

async function aPaidSeller(db: Database, price: bigint): Promise<ProductOnSale> {
  const product = await aProductOnSale(db, { price })
  await inTransaction(db, (tx) => recountBytes(tx, product.seller))
  await db.query(`update sellers set solana_address = 'So1anaAddress' where user_id = $1`, [product.seller])
  return product
}

/** In cents: what was sold, given back, and paid out, counted beside the books. */
type Model = { sold: bigint; fees: bigint; refunded: bigint; refundedFees: bigint; paidOut: bigint }
type Real = {
  readonly db: Database
  readonly steps: Steps
  readonly products: readonly ProductOnSale[]
  readonly orders: OrderId[]
  batch: BatchId | undefined
}
type Command = fc.AsyncCommand<Model, Real>

/** The books say what was counted beside them, and nothing that must never be is. */
async function check(model: Model, { db }: Real): Promise<void> {
  const { rows } = await db.query(
    `select coalesce(sum(amount_cents) filter (where account = 'cash'), 0)::bigint as "cash",
            coalesce(-sum(amount_cents) filter (where account ~ '^(held|available):' or account = 'payout_clearing'), 0)::bigint
              as "owed",
            coalesce(-sum(amount_cents) filter (where account = 'platform_fee'), 0)::bigint as "fees"
       from ledger_lines`,
  )
  const owed = model.sold - model.refunded - model.paidOut
  const fees = model.fees - model.refundedFees
  assert.deepEqual(rows, [{ cash: owed + fees, owed, fees }])
  assert.deepEqual(await listBrokenInvariants(db), [])
}

abstract class Checked implements Command {
  check = (): boolean => true
  abstract act(model: Model, real: Real): Promise<void>

  async run(model: Model, real: Real): Promise<void> {
    await this.act(model, real)
    await check(model, real)
  }
}

/** An order is told paid several times at once. */
class Sell extends Checked {
  readonly place: number

  constructor(place: number) {
    super()
    this.place = place
  }

  override async act(model: Model, { db, steps, products, orders }: Real): Promise<void> {
    const product = products[this.place] ?? assert.fail('no product')
    const { id, paymentId } = await anOpenOrder(db, product)
    await db.query(`update payments set status = 'finished', rank = 7 where id = $1`, [paymentId])
    const pay = () => inTransaction(db, (tx) => steps.pay(tx, id, { late: false, overpaid: false, escrowHours: 24 }))
    const paid = (await Promise.all([pay(), pay()])).filter((one) => one !== undefined)
    assert.equal(paid.length, 1)
    orders.push(id)
    model.sold += product.price
    model.fees += 149n
  }

  override toString = (): string => `sell product ${this.place}`
}

class Refund extends Checked {
  readonly place: number

  constructor(place: number) {
    super()
    this.place = place
  }

  override async act(model: Model, { db, steps, orders }: Real): Promise<void> {
    const id = orders[this.place % Math.max(orders.length, 1)]
    if (id === undefined) return
    const { rows } = await db.query<{ price: bigint }>(`select price_cents as price from orders where id = $1`, [id])
    if (!(await inTransaction(db, (tx) => steps.refund(tx, id)))) return
    model.refunded += rows[0]?.price ?? 0n
    model.refundedFees += 149n
  }

  override toString = (): string => `refund order ${this.place}`
}

/** A day goes by, and the janitor makes available what was held. */
class Release extends Checked {
  override async act(_: Model, { db }: Real): Promise<void> {
    await db.query(`update payout_items set hold_until = hold_until - interval '25 hours' where state = 'held'`)
    await releaseEscrow.run(choreDeps(db), () => undefined)
  }

  override toString = (): string => 'the escrow ends'
}

class Prepare extends Checked {
  override async act(_: Model, real: Real): Promise<void> {
    const code = codeFrom(randomBytes(productCodeLength))
    await inTransaction(real.db, async (tx) => {
      if ((await findPreparedBatch(tx)) !== undefined) return
      real.batch = (await prepareBatch(tx, { code, leastCents: 1n, by: 1n })) ?? real.batch
    })
  }

  override toString = (): string => 'prepare a batch'
}

class Confirm extends Checked {
  override async act(_: Model, { db, batch }: Real): Promise<void> {
    if (batch !== undefined) await inTransaction(db, (tx) => markBatchConfirmed(tx, batch, 1n))
  }

  override toString = (): string => 'confirm the batch'
}

class Cancel extends Checked {
  override async act(_: Model, { db, batch }: Real): Promise<void> {
    if (batch === undefined) return
    await inTransaction(db, async (tx) => {
      if ((await lockBatch(tx, batch))?.isUntouched !== true) return
      if (!(await markBatchOver(tx, batch, 'cancelled'))) return
      for (const { id } of await listPayouts(tx, batch)) await releasePayout(tx, id, 'cancelled', '')
    })
  }

  override toString = (): string => 'cancel the batch'
}

/** One payout of the batch is sent, or fails, also after it was sent; twice at once changes nothing more. */
class Settle extends Checked {
  readonly place: number
  readonly how: 'send' | 'fail'

  constructor(place: number, how: Settle['how']) {
    super()
    this.place = place
    this.how = how
  }

  override async act(model: Model, { db, batch }: Real): Promise<void> {
    if (batch === undefined) return
    const payout = (await listPayouts(db, batch))[this.place]
    if (payout === undefined) return
    const { rows } = await db.query<{ cents: bigint; state: string }>(
      `select amount_cents as cents, state from payouts where id = $1`,
      [payout.id],
    )
    const [before] = rows
    const done = (await Promise.all([this.#settle(db, payout.id), this.#settle(db, payout.id)])).filter(Boolean)
    assert.ok(done.length <= 1, 'done twice')
    if (done.length === 0 || before === undefined) return
    if (this.how === 'send') model.paidOut += before.cents
    else if (before.state === 'sent') model.paidOut -= before.cents
  }

  #settle(db: Database, id: PayoutId): Promise<boolean> {
    return inTransaction(db, (tx) =>
      this.how === 'send' ? markPayoutSent(tx, id, 'a hash', 1n) : releasePayout(tx, id, 'failed', 'no'),
    )
  }

  override toString = (): string => `${this.how} payout ${this.place}`
}

const commands = [
  fc.nat({ max: 1 }).map((place) => new Sell(place)),
  fc.nat({ max: 9 }).map((place) => new Refund(place)),
  fc.constant(new Release()),
  fc.constant(new Prepare()),
  fc.constant(new Confirm()),
  fc.constant(new Cancel()),
  fc.tuple(fc.nat({ max: 1 }), fc.constantFrom('send', 'fail')).map(([place, how]) => new Settle(place, how)),
]

/** Any history of one shop that has sold something; it goes through all of them: a shorter one would begin with other books. */
async function histories(steps: Partial<Steps> = {}) {
  const db = await createTestDatabase({ after })
  const products = [await aPaidSeller(db, 1999n), await aPaidSeller(db, 4500n)]
  const model: Model = { sold: 0n, fees: 0n, refunded: 0n, refundedFees: 0n, paidOut: 0n }
  const real: Real = { db, steps: { ...usual, ...steps }, products, orders: [], batch: undefined }
  await new Sell(0).run(model, { ...real, steps: usual })
  const property = fc.asyncProperty(fc.commands(commands, { maxCommands: 40 }), async (history) => {
    await fc.asyncModelRun(() => ({ model, real }), history)
  })
  return property
}

test('whatever is sold, refunded, released, put into a batch, paid or taken back, the books are those counted beside them', async (t) => {
  await fc.assert(await histories(), seeded(t, { numRuns: modelRuns(8), endOnFailure: true }))
})

test('the model of the books finds a refund that leaves the seller’s share where it was', async (t) => {
  const refund: Steps['refund'] = async (tx, id, cause) => {
    const refunded = await refundOrder(tx, id, cause)
    await tx.query(`update payout_items set state = 'available' where order_id = $1 and state = 'reversed'`, [id])
    return refunded
  }
  await findsFault(t, await histories({ refund }))
})

test('the model of the books finds a sale that is booked one cent short', async (t) => {
  const pay: Steps['pay'] = async (tx, id, paying) => {
    const paid = await payOrder(tx, id, paying)
    if (paid === undefined) return undefined
    const lines = [
      { account: 'cash', amount: -1n },
      { account: 'platform_fee', amount: 1n },
    ] as const
    await insertEntry(tx, { kind: 'sale', subject: `${id} once more`, lines }, id)
    return paid
  }
  await findsFault(t, await histories({ pay }))
})
