import { z } from 'zod'
import { findBatch } from '../../../shared/db/batches.ts'
import { findPayout } from '../../../shared/db/payouts.ts'
import { type BatchId, type PayoutId } from '../../../shared/domain/ids.ts'
import { productCodeLength, readCode } from '../../../shared/domain/public-code.ts'
import { readTransactionHash } from '../../../shared/domain/transaction-hash.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { buttonData } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { type Ask, defineForm, end, go, type Next, refuse, type Turn } from '../forms/define-form.ts'
import { asAdmin, reasonSteps } from './case-forms.ts'
import { confirm, type Confirmed, failPayout, sendPayout, type Settled } from './settle-payout.ts'

const confirming = z.object({ batchId: z.string() })
type Confirming = z.infer<typeof confirming>

const batchOf = ({ batchId }: Confirming) => buttonData('batch', { batch: batchId as BatchId, page: 0 })

/** The second confirmation: total and count once more, and the code to be typed. */
export const confirmBatchForm = defineForm<Confirming>({
  name: 'confirmBatch',
  ttlHours: 1,
  data: confirming,
  leave: batchOf,
  isSame: (open, asked) => open.batchId === asked.batchId,
  steps: { code: { ask: askCode, text: takeCode } },
})

async function askCode({ deps, texts: { payouts } }: BotContext, { batchId }: Confirming): Promise<Ask> {
  const batch = await findBatch(deps.db, batchId as BatchId)
  return { text: batch === undefined ? payouts.noBatches : payouts.askCode(batch) }
}

function takeCode({ ctx, tx, data }: Turn<Confirming>, text: string): Promise<Next<Confirming>> {
  return asAdmin(ctx, async (by) => {
    const { payouts } = ctx.texts
    const batch = await findBatch(tx, data.batchId as BatchId)
    if (batch !== undefined && readCode(text.trim(), productCodeLength) !== batch.code) return refuse(payouts.otherCode)
    const confirmed = await confirm(ctx.deps, tx, by, data.batchId as BatchId)
    return end(confirmed === 'changed' ? buttonData('payouts') : batchOf(data), sayConfirmed(confirmed, ctx.texts))
  })
}

const sayConfirmed = (confirmed: Confirmed, { payouts }: Texts): string =>
  ({ confirmed: payouts.confirmed, changed: payouts.changed, blocked: payouts.blocked, over: payouts.over })[confirmed]

export const saySettled = (settled: Settled, { payouts }: Texts): string =>
  ({
    sent: payouts.noted,
    settled: payouts.settledNoted,
    failed: payouts.failedNoted,
    over: payouts.over,
    'hash used': payouts.hashUsed,
  })[settled]

const sending = z.object({ payoutId: z.string(), hash: z.string().optional() })
type Sending = z.infer<typeof sending>

const idOf = ({ payoutId }: { readonly payoutId: string }): PayoutId => payoutId as PayoutId
const payoutOf = (data: { readonly payoutId: string }) => buttonData('payout', { payout: idOf(data) })

/** Which transaction paid it, and whether that is right. */
export const payoutSentForm = defineForm<Sending>({
  name: 'payoutSent',
  ttlHours: 24,
  data: sending,
  leave: payoutOf,
  isSame: (open, asked) => open.payoutId === asked.payoutId,
  steps: {
    hash: { ask: (ctx, data) => askAbout(ctx, data, (texts, payout) => texts.askHash(payout)), text: takeHash },
    confirm: {
      back: () => 'hash',
      ask: async (ctx, data) => ({
        ...(await askAbout(ctx, data, (texts, payout) => texts.confirmHash(payout, data.hash ?? ''))),
        keys: [[{ text: ctx.texts.cases.confirm, choice: 'yes', style: 'danger' }]],
      }),
      text: takeHash,
      pick: ({ ctx, tx, data }) =>
        asAdmin(ctx, async (by) => {
          const settled = await sendPayout(ctx.deps, tx, by, idOf(data), data.hash ?? '')
          if (settled === 'hash used') return refuse(ctx.texts.payouts.hashUsed)
          return end(payoutOf(data), saySettled(settled, ctx.texts))
        }),
    },
  },
})

type PayoutTexts = Texts['payouts']
type Found = NonNullable<Awaited<ReturnType<typeof findPayout>>>

async function askAbout(
  { deps, texts: { payouts } }: BotContext,
  data: Sending,
  words: (texts: PayoutTexts, payout: Found) => Ask['text'],
): Promise<Ask> {
  const payout = await findPayout(deps.db, idOf(data))
  return { text: payout === undefined ? payouts.noBatches : words(payouts, payout) }
}

function takeHash({ ctx }: Turn<Sending>, text: string): Promise<Next<Sending>> {
  const hash = readTransactionHash('usdtsol', text)
  return Promise.resolve(hash === undefined ? refuse(ctx.texts.payouts.notHash) : go<Sending>('confirm', { hash }))
}

const failing = z.object({
  payoutId: z.string(),
  /** What had become of it when the administrator was asked. */
  seen: z.enum(['confirmed', 'sent']),
  /** What is taken back, for whoever does; a form of an older release does not say. */
  paying: z.object({ cents: z.string(), hash: z.string().nullable() }).optional(),
  reason: z.string().optional(),
})
type Failing = z.infer<typeof failing>

const failingOf = ({ paying }: Failing) =>
  paying === undefined ? null : { cents: BigInt(paying.cents), hash: paying.hash }

/** It did not work, for a reason that the seller reads. */
export const payoutFailedForm = defineForm<Failing>({
  name: 'payoutFailed',
  ttlHours: 24,
  data: failing,
  leave: payoutOf,
  isSame: (open, asked) => open.payoutId === asked.payoutId && open.seen === asked.seen,
  steps: reasonSteps<Failing>(
    async ({ ctx, tx, data }, by, reason) => {
      const { seen } = data
      const settled = await failPayout(ctx.deps, tx, by, idOf(data), { seen, reason })
      return end(payoutOf(data), saySettled(settled, ctx.texts))
    },
    {
      ask: ({ payouts }, data) => payouts.askWhyFailed(failingOf(data)),
      confirm: ({ payouts }, reason, data) => payouts.confirmReason(reason, failingOf(data)),
    },
  ),
})
