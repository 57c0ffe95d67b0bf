import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { settlePayment } from '../../services/ipn/settle-payment.ts'
import { listBrokenInvariants } from '../../shared/db/invariants.ts'
import { aProductOnSale } from '../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { commands } from './payments/commands.ts'
import { Model } from './payments/model.ts'
import { Real, type Settle } from './payments/real.ts'
import { findsFault, modelRuns, seeded } from './runs.ts'

const db = await createTestDatabase({ after })
const product = await aProductOnSale(db)

/** Any history of one order: what NOWPayments says in any order and by any way, and what buyer, clock and administrator do. */
const histories = (settle?: Settle) =>
  fc.asyncProperty(fc.commands(commands, { maxCommands: 25, size: 'medium' }), async (history) => {
    const real = await Real.begin(db, product, settle)
    const model = new Model(product.price + 149n)
    model.add('main', model.total)
    await fc.asyncModelRun(() => ({ model, real }), history)
  })

test('whatever is told of an order’s payments, and whatever buyer, clock and administrator do, it is as the tables say', async (t) => {
  await fc.assert(histories(), seeded(t, { numRuns: modelRuns(6) }))
  // nothing of this shop was uploaded, so nothing was counted against a quota
  assert.deepEqual(
    (await listBrokenInvariants(db)).filter(({ name }) => name !== 'quota-used'),
    [],
  )
})

test('the model of payments finds a shop that believes a notification', async (t) => {
  const believing: Settle = async (deps, id) => {
    const { rows } = await db.query<{ status: string; paid: string }>(
      `select status, actually_paid as paid from payment_events
        where provider_id = $1 and source = 'ipn' order by received_at desc limit 1`,
      [id],
    )
    const readPayment: typeof deps.nowPayments.readPayment = async (of) => {
      const reply = await deps.nowPayments.readPayment(of)
      const [told] = rows
      if (reply.kind !== 'found' || told === undefined) return reply
      return { ...reply, report: { ...reply.report, status: told.status, actuallyPaid: told.paid as never } }
    }
    return settlePayment({ ...deps, nowPayments: { ...deps.nowPayments, readPayment } }, id)
  }
  await findsFault(t, histories(believing))
})

test('the model of payments finds a shop that takes what is out of order for news', async (t) => {
  const forgetful: Settle = async (deps, id) => {
    await db.query(`update payments set rank = -1, actually_paid = '0' where provider_id = $1`, [id])
    return settlePayment(deps, id)
  }
  await findsFault(t, histories(forgetful))
})
