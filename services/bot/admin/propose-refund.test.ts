import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCase } from '../../../shared/db/cases.ts'
import { listOrderPayments } from '../../../shared/db/incoming-payments.ts'
import { findJudgedOrder } from '../../../shared/db/judged-orders.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { findSentRefund } from '../../../shared/db/sent-refund.ts'
import { type CaseId, type RefundId } from '../../../shared/domain/ids.ts'
import { cents } from '../../../shared/domain/money.ts'
import { type OrderStatus } from '../../../shared/domain/order.ts'
import {
  accounts,
  adminId,
  aMoneyScene,
  aSignature,
  assertBooksHold,
  type MoneyScene,
  pay,
  wallet,
} from '../../../shared/testing/a-money-scene.ts'
import { type Administrator } from './administrator.ts'
import { proposeForCase, proposeForOrder, type RefundProposal } from './propose-refund.ts'
import { openRefund, sendRefund } from './settle-refund.ts'

const by = BigInt(adminId) as Administrator

/** As much as the whole order came once more, and paid for nothing. */
async function cameBeside({ db, order }: MoneyScene): Promise<void> {
  await db.query(
    `insert into payments (order_id, attempt, kind, provider_id, status, rank, price_cents, pay_currency, pay_amount,
                           actually_paid, covered_cents)
     select order_id, max(attempt) + 1, 'topup', (random() * 1e12)::bigint::text, 'finished', 7, 2148, 'usdtsol', '21.48',
            '21.48', 2148
       from payments
      where order_id = $1
      group by order_id`,
    [order.id],
  )
}

async function aCase({ db, order }: MoneyScene, kind: string): Promise<CaseId> {
  assert.ok(await openCase(db, order.id, kind, 'as it is'))
  const { rows } = await db.query<{ id: CaseId }>(`select id from cases where state = 'open' and kind = $1`, [kind])
  return rows[0]?.id ?? assert.fail('no case')
}

async function proposed({ db, order }: MoneyScene, caseKind?: string): Promise<RefundProposal | undefined> {
  const judged = (await findJudgedOrder(db, order.id)) ?? assert.fail('no order')
  const payments = await listOrderPayments(db, order.id)
  return caseKind === undefined ? proposeForOrder(db, judged, payments) : proposeForCase(db, judged, payments, caseKind)
}

type Wish = { readonly kind: 'order' | 'excess'; readonly seen: OrderStatus; readonly caseId?: CaseId }

/** Decided, and sent to the buyer. */
async function giveBack({ db, order, world }: MoneyScene, { kind, seen, caseId }: Wish, sum: bigint): Promise<void> {
  const { deps } = world.scene
  const wish = { orderId: order.id, caseId: caseId ?? null, kind, seen, cents: cents(sum) }
  assert.equal(await inTransaction(db, (tx) => openRefund(deps, tx, by, wish)), 'opened')
  const { rows } = await db.query<{ id: RefundId }>(
    `update refunds set asset = 'usdtsol', address = $1 where state = 'asked' returning id`,
    [wallet],
  )
  const id = rows[0]?.id ?? assert.fail('no refund')
  const sent = { asset: 'usdtsol', address: wallet, amount: '21.48', txHash: aSignature() } as const
  assert.equal(await inTransaction(db, (tx) => sendRefund(deps, tx, by, id, sent)), 'sent')
}

const openCases = async ({ db }: MoneyScene): Promise<unknown[]> =>
  (await db.query(`select kind from cases where state = 'open' order by kind`)).rows.map(({ kind }) => kind)

test('what was withdrawn from a buyer is given back as a whole, and its seller does not keep the share', async (t) => {
  const scene = await aMoneyScene(t)
  await pay(scene.db, scene.order)
  await scene.db.query(`update users set receipt_email = 'ada@example.org' where id = $1`, [scene.buyer.id])
  const caseId = await aCase(scene, 'content withdrawn')
  assert.deepEqual(await proposed(scene, 'content withdrawn'), { kind: 'order', cents: 2148n })
  await giveBack(scene, { kind: 'order', seen: 'paid', caseId }, 2148n)
  assert.deepEqual(await openCases(scene), [])
  const { rows: mails } = await scene.db.query(`select template from emails where recipient = 'ada@example.org'`)
  assert.deepEqual(mails, [{ template: 'refund sent' }])
  const { rows } = await scene.db.query(`select state from payout_items`)
  assert.deepEqual(rows, [{ state: 'reversed' }])
  assert.deepEqual(await accounts(scene.db), {})
  await assertBooksHold(scene.db)
})

test('whoever paid twice gets both back: the second payment is not forgotten when the order is given back', async (t) => {
  const scene = await aMoneyScene(t)
  const { db, admin, order } = scene
  await pay(db, order)
  await cameBeside(scene)
  const caseId = await aCase(scene, 'paid twice')
  await giveBack(scene, { kind: 'order', seen: 'paid' }, 2148n)
  assert.deepEqual(await openCases(scene), ['paid twice'])

  await admin.write('/admin')
  await admin.press('Cases · 1')
  await admin.press('1')
  await admin.press('Refund')
  await admin.press('Give back $21.48')
  await admin.press('Cancel')
  await giveBack(scene, { kind: 'excess', seen: 'refunded', caseId }, 2148n)
  assert.deepEqual(await openCases(scene), [])
  assert.deepEqual(await accounts(db), {})
  assert.equal(await proposed(scene, 'paid twice'), undefined)
  await assertBooksHold(db)
})

test('money that went back already is not proposed a second time, nor shown as the refund of the order', async (t) => {
  const scene = await aMoneyScene(t)
  const { db, order } = scene
  await pay(db, order)
  await cameBeside(scene)
  await giveBack(scene, { kind: 'excess', seen: 'paid', caseId: await aCase(scene, 'paid twice') }, 2148n)
  await cameBeside(scene)
  await aCase(scene, 'paid twice')
  assert.deepEqual(await proposed(scene, 'paid twice'), { kind: 'excess', cents: 2148n })
  assert.equal(await findSentRefund(db, order.id), undefined)
})

test('what NOWPayments gave back of a sale is not given back once more with the rest of it', async (t) => {
  const scene = await aMoneyScene(t)
  const { db, order } = scene
  await cameBeside(scene)
  await db.query(
    `update payments set price_cents = 1000, covered_cents = 1000, pay_amount = '10', actually_paid = '10'
                   where order_id = $1 and kind = 'topup'`,
    [order.id],
  )
  await pay(db, order)
  await db.query(`update payments set status = 'refunded', rank = 8, covered_cents = 0 where kind = 'topup'`)
  assert.deepEqual(await proposed(scene), { kind: 'order', cents: 1148n })
  assert.deepEqual(await proposed(scene, 'refunded in part'), { kind: 'order', cents: 1148n })
})
