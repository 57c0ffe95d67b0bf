import assert from 'node:assert/strict'
import fc from 'fast-check'
import { acceptCase, closeCase, findAnswer, lockCase } from '../../../services/bot/admin/decide-case.ts'
import { proposeForOrder } from '../../../services/bot/admin/propose-refund.ts'
import { openRefund, rejectRefund, sendRefund } from '../../../services/bot/admin/settle-refund.ts'
import { askAnother } from '../../../services/bot/checkout/ask-another.ts'
import { askForRefund } from '../../../services/bot/checkout/ask-for-refund.ts'
import { cancelOrder } from '../../../services/bot/checkout/cancel-order.ts'
import { refreshOrder } from '../../../services/bot/checkout/refresh-order.ts'
import { expireOverdueOrders } from '../../../shared/db/chores/expire-orders.ts'
import { listOrderPayments } from '../../../shared/db/incoming-payments.ts'
import { findJudgedOrder } from '../../../shared/db/judged-orders.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { findShortfall } from '../../../shared/db/refund-order.ts'
import { type CaseId, type RefundId } from '../../../shared/domain/ids.ts'
import { cents } from '../../../shared/domain/money.ts'
import { canBecome } from '../../../shared/domain/order.ts'
import { type ProviderStatus, ranks } from '../../../shared/domain/payment.ts'
import { aSignature } from '../../../shared/testing/a-money-scene.ts'
import { check, look } from './check.ts'
import { type Model, type Share } from './model.ts'
import { by, type Real } from './real.ts'

type Command = fc.AsyncCommand<Model, Real>
type Act = (model: Model, real: Real) => Promise<void>

/** Does something, and compares the shop with the model afterwards. */
class Step implements Command {
  readonly #name: string
  readonly #act: Act

  constructor(name: string, act: Act) {
    this.#name = name
    this.#act = act
  }

  check = (): boolean => true

  async run(model: Model, real: Real): Promise<void> {
    await this.#act(model, real)
    await check(model, real)
  }

  toString = (): string => this.#name
}

type Way = 'notification' | 'poll' | 'three at once'

/** NOWPayments says something of a payment, and the shop hears of it: by any way, and more than once. */
const tell = (of: number, status: ProviderStatus, share: Share, way: Way): Step =>
  new Step(`${way}: payment ${of} is ${status} with ${share.num}/${share.den}`, async (model, real) => {
    const place = of % real.ids.length
    const id = real.say(place, status, share)
    const payment = model.payments[place] ?? assert.fail('not in the model')
    // what paid for its order is watched no more: only a notification, or an administrator, brings news of it
    if (way === 'poll') await real.poll()
    else if (way === 'notification') await real.notify(place, status, share)
    if (way !== 'notification') await Promise.all([real.settle(id), real.settle(id), real.settle(id)])
    model.learn(payment, status, share)
  })

/** A genuine notification that says what NOWPayments does not confirm. */
const claim = (of: number, status: ProviderStatus): Step =>
  new Step(`a notification claims that payment ${of} is ${status}`, (_, real) =>
    real.notify(of % real.ids.length, status, { num: 1n, den: 1n }, 'not true'),
  )

const replay = new Step('everything is told again', async (_, real) => {
  const before = await look(real)
  await Promise.all(real.ids.flatMap((id) => [real.settle(id), real.settle(id)]))
  await real.poll()
  assert.deepEqual(await look(real), before)
})

const refresh = new Step('Refresh is pressed twice', async (_, real) => {
  for (let time = 0; time < 2; time += 1) await refreshOrder(real.db, real.buyer, real.order.code)
  await real.poll()
})

const cancel = new Step('Cancel', async (model, real) => {
  await cancelOrder(real.db, real.buyer, real.order.code)
  if (!model.wasSeen && canBecome(model.status, 'cancelled')) model.status = 'cancelled'
})

const another = (kind: 'main' | 'topup', coin: 'usdtsol' | 'usdcsol'): Step =>
  new Step(`another address in ${coin}, ${kind}`, async (model, real) => {
    const isRestSeen = model.payments.some((one) => one.kind === 'topup' && one.rank >= 2 && one.rank <= 4)
    const isPossible =
      kind === 'main'
        ? model.status === 'awaiting_payment' && !model.wasSeen
        : model.status === 'underpaid' && !isRestSeen
    const price = kind === 'main' ? model.total : model.missing
    const asked = await askAnother(real.asking, { buyer: real.buyer, order: real.order.code, coin, kind })
    assert.equal(asked.kind === 'too late', !isPossible || price <= 0n, `${asked.kind} while ${model.status}`)
    if (asked.kind === 'asked') model.add(kind, price)
  })

const expire = new Step('time is up', async (model, { db, order }) => {
  await db.query(`update payments set valid_until = now() - interval '1 minute' where order_id = $1`, [order.id])
  await db.query(`update orders set expires_at = now() - interval '1 minute' where id = $1`, [order.id])
  await inTransaction(db, (tx) => expireOverdueOrders(tx, 100))
  for (const payment of model.payments) payment.isOpen = false
  if (model.status === 'awaiting_payment') model.status = 'expired'
})

const askBack = new Step('the buyer asks for a refund', async (_, real) => {
  await askForRefund(real.db, real.buyer, real.order.code)
})

const caseOf = async ({ db, order }: Real): Promise<CaseId | undefined> =>
  (
    await db.query<{ id: CaseId }>(`select id from cases where order_id = $1 and state = 'open' order by id limit 1`, [
      order.id,
    ])
  ).rows[0]?.id

const accept = new Step('an administrator accepts', async (model, real) => {
  const id = await caseOf(real)
  if (id === undefined) return
  const decided = await acceptCase(real.deciding, by, id, { status: model.status })
  assert.equal(decided === 'accepted', canBecome(model.status, 'paid') && model.refund === undefined, decided)
  if (decided !== 'accepted') return
  model.move('paid')
  model.shortfall = await findShortfall(real.db, real.order.id)
  const { payments } = await look(real)
  for (const [place, { isAccepted }] of payments.entries()) Object.assign(model.payments[place] ?? {}, { isAccepted })
})

/** Where nothing else waits for a decision, an order in review is over. */
async function endReview(model: Model, real: Real): Promise<void> {
  const { status } = await look(real)
  if (model.status === 'review' && status === 'failed') model.status = 'failed'
}

const close = new Step('an administrator closes a case', async (model, real) => {
  const id = await caseOf(real)
  if (id === undefined) return
  await inTransaction(real.db, async (tx) => {
    const found = (await lockCase(tx, id)) ?? assert.fail('no open case')
    const closing = { reason: 'it was looked at', answer: await findAnswer(tx, found) }
    assert.equal(await closeCase(real.deciding, tx, by, id, closing), 'closed')
  })
  await endReview(model, real)
})

const giveBack = new Step('an administrator decides that money goes back', async (model, { db, order, deciding }) => {
  const judged = (await findJudgedOrder(db, order.id)) ?? assert.fail('no order')
  const proposal = await proposeForOrder(db, judged, await listOrderPayments(db, order.id))
  if (proposal === undefined) return
  const wish = {
    orderId: order.id,
    caseId: null,
    kind: proposal.kind,
    seen: judged.status,
    cents: proposal.cents ?? cents(1n),
  }
  const opened = await inTransaction(db, (tx) => openRefund(deciding, tx, by, wish))
  if (opened !== 'opened') return
  assert.equal(model.refund, undefined, 'one refund at a time')
  model.refund = proposal.kind
  if (proposal.kind === 'money') model.move('review')
})

const settleRefund = (how: 'sent' | 'rejected'): Step =>
  new Step(`the refund is ${how}`, async (model, real) => {
    const { db, order, deciding } = real
    const { rows } = await db.query<{ id: RefundId }>(
      `update refunds set asset = 'usdtsol', address = 'So1anaAddress' where order_id = $1 and state = 'asked' returning id`,
      [order.id],
    )
    const id = rows[0]?.id
    assert.equal(id !== undefined, model.refund !== undefined)
    if (id === undefined) return
    const sent = { asset: 'usdtsol', address: 'So1anaAddress', amount: '1', txHash: aSignature() } as const
    const outcome = await inTransaction(db, (tx) =>
      how === 'sent' ? sendRefund(deciding, tx, by, id, sent) : rejectRefund(deciding, tx, by, id, 'looked at'),
    )
    if (outcome === 'sent' && model.refund !== 'excess') model.status = 'refunded'
    if (outcome === how) model.refund = undefined
    if (how === 'rejected') await endReview(model, real)
  })

const place = fc.nat({ max: 3 })
/** Every status there is, and those that move money more often. */
const moving: readonly ProviderStatus[] = ['finished', 'finished', 'finished', 'partially_paid', 'refunded']
const status = fc.constantFrom(...(Object.keys(ranks) as ProviderStatus[]), ...moving)
const share = fc
  .constantFrom(
    ...([
      [0n, 1n],
      [1n, 2n],
      [1n, 1n],
      [2n, 1n],
    ] as const),
  )
  .map(([num, den]) => ({ num, den }))
const way = fc.constantFrom('notification', 'poll', 'three at once')

const tells = fc.tuple(place, status, share, way).map(([of, what, paid, how]) => tell(of, what, paid, how))

export const commands = [
  tells,
  tells,
  fc.tuple(place, status).map(([of, what]) => claim(of, what)),
  fc
    .constantFrom('main' as const, 'topup' as const)
    .chain((kind) => fc.constantFrom('usdtsol' as const, 'usdcsol' as const).map((coin) => another(kind, coin))),
  fc.constantFrom(replay, refresh, cancel, expire, askBack),
  fc.constantFrom(accept, close, giveBack, settleRefund('sent'), settleRefund('rejected')),
]
