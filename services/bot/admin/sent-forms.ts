import { z } from 'zod'
import { findRefund, type Sending } from '../../../shared/db/refunds.ts'
import { coinFacts, coins } from '../../../shared/domain/coin.ts'
import { decimalText, isPositive, readDecimal } from '../../../shared/domain/decimal.ts'
import { type RefundId } from '../../../shared/domain/ids.ts'
import { readTransactionHash } from '../../../shared/domain/transaction-hash.ts'
import { buttonData } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { type Ask, defineForm, end, go, type Next, refuse, type Turn } from '../forms/define-form.ts'
import { asAdmin, reasonSteps } from './case-forms.ts'
import { sayRefund } from './say-decided.ts'
import { rejectRefund, sendRefund } from './settle-refund.ts'

const sending = z.object({
  refundId: z.string(),
  /** Where it goes, as the administrator saw it. */
  asset: z.enum(coins),
  address: z.string(),
  amount: z.string().optional(),
  hash: z.string().optional(),
})
type SendingData = z.infer<typeof sending>

const refundOf = ({ refundId }: { readonly refundId: string }): RefundId => refundId as RefundId

/** What was sent, by which transaction, and whether that is right. */
export const refundSentForm = defineForm<SendingData>({
  name: 'refundSent',
  ttlHours: 24,
  data: sending,
  leave: (data) => buttonData('refund', { refund: refundOf(data) }),
  isSame: (open, asked) => open.refundId === asked.refundId && open.address === asked.address,
  steps: {
    amount: {
      ask: ({ texts: { cases } }, { asset, address }) => ({ text: cases.askAmount(asset, address) }),
      text: takeAmount,
    },
    hash: {
      back: () => 'amount',
      ask: ({ texts: { cases } }) => ({ text: cases.askHash }),
      text: takeHash,
    },
    confirm: { back: () => 'hash', ask: askToConfirm, pick: send },
  },
})

function takeAmount({ ctx, data }: Turn<SendingData>, text: string): Promise<Next<SendingData>> {
  const { decimals } = coinFacts[data.asset]
  const amount = /^\d+([.,]\d+)?$/.test(text.trim()) ? readDecimal(text.trim().replace(',', '.')) : undefined
  const isAmount = amount !== undefined && isPositive(amount) && amount.scale <= decimals
  return Promise.resolve(
    isAmount ? go<SendingData>('hash', { amount: decimalText(amount) }) : refuse(ctx.texts.cases.notAmount(decimals)),
  )
}

function takeHash({ ctx, data }: Turn<SendingData>, text: string): Promise<Next<SendingData>> {
  const hash = readTransactionHash(data.asset, text)
  return Promise.resolve(
    hash === undefined ? refuse(ctx.texts.cases.notHash(data.asset)) : go<SendingData>('confirm', { hash }),
  )
}

async function askToConfirm(ctx: BotContext, data: SendingData): Promise<Ask> {
  const { cases } = ctx.texts
  const refund = await findRefund(ctx.deps.db, refundOf(data))
  if (refund === undefined) return { text: cases.noRefunds }
  const facts = { ...refund, asset: data.asset, address: data.address }
  return {
    text: cases.confirmSent(facts, data.amount ?? '', data.hash ?? ''),
    keys: [[{ text: cases.confirm, choice: 'yes', style: 'danger' }]],
  }
}

function send({ ctx, tx, data }: Turn<SendingData>): Promise<Next<SendingData>> {
  return asAdmin(ctx, async (by) => {
    const { asset, address, amount = '', hash: txHash = '' } = data
    const sent: Sending = { asset, address, amount, txHash }
    const outcome = await sendRefund(ctx.deps, tx, by, refundOf(data), sent)
    if (outcome === 'hash used') return refuse(ctx.texts.cases.hashUsed)
    return end(buttonData('refund', { refund: refundOf(data) }), sayRefund(outcome, ctx.texts))
  })
}

const rejecting = z.object({ refundId: z.string(), reason: z.string().optional() })
type Rejecting = z.infer<typeof rejecting>

/** Nothing is sent after all. */
export const rejectRefundForm = defineForm<Rejecting>({
  name: 'rejectRefund',
  ttlHours: 24,
  data: rejecting,
  leave: (data) => buttonData('refund', { refund: refundOf(data) }),
  isSame: (open, asked) => open.refundId === asked.refundId,
  steps: reasonSteps<Rejecting>(async ({ ctx, tx, data }, by, reason) => {
    const outcome = await rejectRefund(ctx.deps, tx, by, refundOf(data), reason)
    return end(buttonData('refunds', { page: 0 }), sayRefund(outcome, ctx.texts))
  }),
})
