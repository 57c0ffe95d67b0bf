import assert from 'node:assert/strict'
import { type World } from '../../../sandbox/world.ts'
import { recountBytes } from '../../../shared/db/quotas.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { anOpenOrder, aProductOnSale } from '../../../shared/testing/a-shop.ts'

/** What became of the money at NOWPayments; it stays so for the whole run, whatever anybody claims. */
export const truths = [
  'nothing',
  'paid',
  'too little',
  'too much',
  'failed',
  'expired',
  'refunded',
  'cancelled',
] as const
export type Truth = (typeof truths)[number]

/**
 * Who tells of a payment. `known`: the truth, before anything else; then everything is claimed of it. `claimed`: anything,
 * rightly signed or not. `parent`: the same, and deposits that never were are said to belong to it. `forged`: only people
 * without the secret. `permuted`: the four statuses of a purchase, three times each, in one of their orders.
 */
export const roles = ['known', 'claimed', 'parent', 'forged', 'permuted'] as const
export type Role = (typeof roles)[number]

export type Subject = {
  readonly orderId: string
  readonly code: string
  readonly providerId: string
  readonly role: Role
  readonly truth: Truth
  readonly payAmount: string
  readonly actuallyPaid: string
  readonly status: string
  readonly address: string
}

/** The state an order is in once NOWPayments was asked, and whether its buyer owns the product. */
export const outcomes: Readonly<Record<Truth, { readonly status: string; readonly owned: boolean }>> = {
  nothing: { status: 'awaiting_payment', owned: false },
  paid: { status: 'paid', owned: true },
  'too little': { status: 'underpaid', owned: false },
  'too much': { status: 'paid', owned: true },
  failed: { status: 'failed', owned: false },
  expired: { status: 'expired', owned: false },
  refunded: { status: 'refunded', owned: false },
  cancelled: { status: 'review', owned: false },
}

/** Every truth for each role that is claimed about, and one paid order for each order in which four statuses can come. */
export async function makeSubjects(world: World): Promise<Subject[]> {
  const product = await aProductOnSale(world.db)
  await inTransaction(world.db, (tx) => recountBytes(tx, product.seller))
  const wanted = [
    ...(['known', 'claimed', 'parent', 'forged'] as const).flatMap((role) => truths.map((truth) => ({ role, truth }))),
    ...Array.from({ length: 24 }, () => ({ role: 'permuted', truth: 'paid' }) as const),
  ]
  const made = []
  for (const { role, truth } of wanted) {
    const { id: orderId, code, paymentId } = await anOpenOrder(world.db, product)
    const { id: providerId } = world.nowPayments.create({
      priceAmount: '21.48',
      priceCurrency: 'usd',
      payCurrency: 'usdtsol',
      orderId: `${code}-1`,
    })
    const { payAmount, payAddress: address } = world.nowPayments.payment(providerId)
    // watched by nobody: whatever is known of it was brought by a notification
    await world.db.query(
      `update payments set provider_id = $2, pay_amount = $3, address = $4, next_poll_at = null where id = $1`,
      [paymentId, providerId, payAmount, address],
    )
    made.push({ orderId, code, providerId, role, truth, payAmount, address })
  }
  for (const { providerId, truth } of made) await makeTrue(world, providerId, truth)
  return made.map((one) => {
    const { actuallyPaid, status } = world.nowPayments.payment(one.providerId)
    return { ...one, actuallyPaid, status }
  })
}

async function makeTrue({ nowPayments }: World, id: string, truth: Truth): Promise<void> {
  const act = (action: Parameters<typeof nowPayments.act>[1]['action']): void => {
    assert.equal(nowPayments.act(id, { action }).kind, 'done', `${action} is possible`)
  }
  if (truth === 'nothing') return
  if (truth === 'too much') act('pay-more')
  else if (truth === 'too little' || truth === 'cancelled') act('pay-less')
  else if (truth === 'failed') act('fail')
  else if (truth === 'expired') act('expire')
  else act('pay')
  await nowPayments.idle()
  if (truth === 'refunded') act('refund')
  if (truth === 'cancelled') act('cancel')
}
