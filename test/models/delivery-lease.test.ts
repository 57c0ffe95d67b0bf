import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import {
  claimDelivery,
  type HeldDelivery,
  markDelivered,
  markDeliveryFailed,
  releaseDelivery,
  renewDelivery,
} from '../../shared/db/deliveries.ts'
import { payOrder } from '../../shared/db/pay-order.ts'
import { inTransaction } from '../../shared/db/pool.ts'
import { type DeliveryId } from '../../shared/domain/ids.ts'
import { anOpenOrder, aProductOnSale } from '../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { findsFault, modelRuns, seeded } from './runs.ts'

const db = await createTestDatabase({ after })
const product = await aProductOnSale(db)
const leaseMs = 60_000

/** `holder`: whose lease runs, if any; `latest`: who took it last, and so may still write; `isOver`: the file has arrived. */
type Model = {
  holder: number | undefined
  latest: number | undefined
  isOver: boolean
  hands: Map<number, HeldDelivery>
}
/** The steps of a delivery, one of which may be broken on purpose. */
type Steps = { readonly claim: typeof claimDelivery; readonly deliver: typeof markDelivered }
type Real = { readonly id: DeliveryId; readonly steps: Steps; sent: number }
type Command = fc.AsyncCommand<Model, Real>

async function aDelivery(): Promise<DeliveryId> {
  const { id } = await anOpenOrder(db, product)
  const paid = await inTransaction(db, (tx) => payOrder(tx, id, { late: false, overpaid: false, escrowHours: 24 }))
  return paid?.deliveryId ?? assert.fail('the order was not paid')
}

class Claim implements Command {
  readonly worker: number

  constructor(worker: number) {
    this.worker = worker
  }

  check = (): boolean => true

  async run(model: Model, { id, steps }: Real): Promise<void> {
    const taken = await steps.claim(db, id, leaseMs)
    assert.equal(
      taken !== undefined,
      !model.isOver && model.holder === undefined,
      'one worker at a time, and only while it is open',
    )
    if (taken === undefined) return
    const before = model.latest === undefined ? undefined : model.hands.get(model.latest)
    assert.ok(before === undefined || taken.attempt > before.attempt, 'a fencing token never comes twice')
    model.hands.set(this.worker, taken)
    model.holder = this.worker
    model.latest = this.worker
  }

  toString = (): string => `worker ${this.worker} claims`
}

/** What a worker writes with what it has in hand, whether or not it was overtaken meanwhile. */
class Write implements Command {
  readonly worker: number
  readonly what: 'delivered' | 'failed' | 'renewed' | 'released'

  constructor(worker: number, what: Write['what']) {
    this.worker = worker
    this.what = what
  }

  check = ({ hands }: Readonly<Model>): boolean => hands.has(this.worker)

  async run(model: Model, real: Real): Promise<void> {
    const hand = model.hands.get(this.worker) ?? assert.fail('nothing in hand')
    const mayWrite = model.latest === this.worker && !model.isOver
    const hasWritten = await this.#write(hand, real.steps)
    if (this.what !== 'released')
      assert.equal(hasWritten, mayWrite, `${this.what} by a worker that ${mayWrite ? 'holds it' : 'was overtaken'}`)
    if (this.what === 'delivered' && hasWritten) real.sent += 1
    if (!mayWrite) return
    model.isOver = this.what === 'delivered'
    model.holder = this.what === 'renewed' ? this.worker : undefined
    // a failed or finished try is written once
    if (this.what === 'failed' || this.what === 'delivered') model.latest = undefined
  }

  async #write(hand: HeldDelivery, { deliver }: Steps): Promise<boolean> {
    if (this.what === 'renewed') return renewDelivery(db, hand, leaseMs)
    if (this.what === 'released') return releaseDelivery(db, hand).then(() => true)
    if (this.what === 'delivered')
      return (await inTransaction(db, (tx) => deliver(tx, hand, 'document', 5n))) !== undefined
    const failed = { method: 'document', outcome: 'retry_wait', error: 'busy', pauseMs: 0, tries: 1 } as const
    return inTransaction(db, (tx) => markDeliveryFailed(tx, hand, failed))
  }

  toString = (): string => `worker ${this.worker}: ${this.what}`
}

/** Longer than a lease: the worker was paused or has died, and knows nothing of it. */
class Pass implements Command {
  check = (): boolean => true

  async run(model: Model, { id }: Real): Promise<void> {
    await db.query(`update deliveries set lease_until = lease_until - interval '5 minutes' where id = $1`, [id])
    model.holder = undefined
  }

  toString = (): string => 'the lease runs out'
}

const worker = fc.nat({ max: 2 })
const commands = [
  worker.map((of) => new Claim(of)),
  fc
    .tuple(worker, fc.constantFrom('delivered', 'delivered', 'failed', 'renewed', 'released'))
    .map(([of, what]) => new Write(of, what)),
  fc.constant(new Pass()),
]

const toTheEnd: readonly Command[] = [new Pass(), new Claim(0), new Write(0, 'delivered')]

const usual: Steps = { claim: claimDelivery, deliver: markDelivered }

/** Any history of one delivery in the hands of three workers, and in the end one that brings the file. */
const histories = (steps: Partial<Steps> = {}) =>
  // fast-check would keep most histories too short for anything to arrive
  fc.asyncProperty(fc.commands(commands, { maxCommands: 30, size: 'medium' }), async (history) => {
    const real: Real = { id: await aDelivery(), steps: { ...usual, ...steps }, sent: 0 }
    const model: Model = { holder: undefined, latest: undefined, isOver: false, hands: new Map() }
    await fc.asyncModelRun(() => ({ model, real }), history)
    if (!model.isOver) for (const step of toTheEnd) await step.run(model, real)
    assert.equal(real.sent, 1, 'delivered once')
    const { rows } = await db.query<{ sent: number; status: string }>(
      `select (select count(*)::int from delivery_attempts a where a.delivery_id = d.id and a.outcome = 'sent') as sent,
              o.status
         from deliveries d join orders o on o.id = d.order_id where d.id = $1`,
      [real.id],
    )
    assert.deepEqual(rows, [{ sent: 1, status: 'delivered' }])
  })

test('whatever workers do with a delivery, one holds it at a time, an overtaken one changes nothing, and it is delivered once', async (t) => {
  await fc.assert(histories(), seeded(t, { numRuns: modelRuns(25) }))
})

test('the model of deliveries finds a lease that lets a second worker in', async (t) => {
  const claim: Steps['claim'] = async (tx, id, ms) => {
    await tx.query(`update deliveries set lease_until = '-infinity' where id = $1`, [id])
    return claimDelivery(tx, id, ms)
  }
  await findsFault(t, histories({ claim }))
})

test('the model of deliveries finds a worker that writes although it was overtaken', async (t) => {
  const deliver: Steps['deliver'] = async (tx, hand, ...how) => {
    const { rows } = await tx.query<{ attempt: number }>(`select attempt from deliveries where id = $1`, [hand.id])
    return markDelivered(tx, { ...hand, attempt: rows[0]?.attempt ?? 0 }, ...how)
  }
  await findsFault(t, histories({ deliver }))
})
