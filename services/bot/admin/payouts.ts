import { insertAudit } from '../../../shared/db/audit-log.ts'
import { type Batch, findBatch, findPreparedBatch, listBatches } from '../../../shared/db/batches.ts'
import { listDueSellers } from '../../../shared/db/payable-shares.ts'
import { findPayout, listPayouts, type Payout } from '../../../shared/db/payouts.ts'
import { csv } from '../../../shared/domain/csv.ts'
import { type BatchId, type PayoutId } from '../../../shared/domain/ids.ts'
import { dollars } from '../../../shared/domain/money.ts'
import { type BotContext } from '../context.ts'
import { type Features } from '../features.ts'
import { startForm } from '../forms/start-form.ts'
import { readPage } from '../page-row.ts'
import { type Administrator, forAdministrators, mustBeAdministrator } from './administrator.ts'
import { pageOf, perPage } from './case-cards.ts'
import { batchCard, batchesCard, cancelCard, dueCard, payoutCard } from './payout-cards.ts'
import { confirmBatchForm, payoutFailedForm, payoutSentForm, saySettled } from './payout-forms.ts'
import { cancelBatch, prepare, settlePayout } from './settle-payout.ts'

/** Paying sellers: who is owed what, the frozen lists, and each transfer to its end. */
export function servePayouts(features: Features): void {
  features.press('payouts', forAdministrators(showDue))
  features.press(
    'prepareBatch',
    forAdministrators((ctx, _, by) => prepareList(ctx, by)),
  )
  features.press(
    'batches',
    forAdministrators((ctx, { page }) => showBatches(ctx, page)),
  )
  features.press(
    'batch',
    forAdministrators((ctx, { batch, page }) => showBatch(ctx, batch, page)),
  )
  features.press(
    'batchFile',
    forAdministrators((ctx, { batch }, by) => withBatch(ctx, batch, (found) => exportBatch(ctx, found, by))),
  )
  features.press(
    'confirmBatch',
    forAdministrators((ctx, { batch }) => startForm(ctx, confirmBatchForm, { step: 'code', data: { batchId: batch } })),
  )
  features.press(
    'cancelBatch',
    forAdministrators((ctx, { batch }) =>
      withBatch(ctx, batch, (found) => {
        const { state, id } = found
        return state === 'prepared' || state === 'confirmed'
          ? ctx.show(cancelCard({ ...found, state }, ctx.texts))
          : showBatch(ctx, id, 0)
      }),
    ),
  )
  features.press(
    'cancelBatchNow',
    forAdministrators(async (ctx, { batch, seen }, by) => {
      const { payouts } = ctx.texts
      await ctx.toast((await cancelBatch(ctx.deps, by, batch, seen)) ? payouts.cancelled : payouts.tooLate)
      await showBatch(ctx, batch, 0)
    }),
  )
  serveTransfers(features)
}

function serveTransfers(features: Features): void {
  features.press(
    'payout',
    forAdministrators((ctx, { payout }) => showPayout(ctx, payout)),
  )
  features.press(
    'payoutSent',
    forAdministrators((ctx, { payout }) =>
      withState(ctx, payout, 'confirmed', () =>
        startForm(ctx, payoutSentForm, { step: 'hash', data: { payoutId: payout } }),
      ),
    ),
  )
  features.press(
    'payoutFailed',
    forAdministrators((ctx, { payout, seen }) =>
      withState(ctx, payout, seen, ({ cents, txHash: hash }) =>
        startForm(ctx, payoutFailedForm, {
          step: 'reason',
          data: { payoutId: payout, seen, paying: { cents: cents.toString(), hash } },
        }),
      ),
    ),
  )
  features.press(
    'payoutSettled',
    forAdministrators(async (ctx, { payout }, by) => {
      await ctx.toast(saySettled(await settlePayout(ctx.deps, by, payout), ctx.texts))
      await showPayout(ctx, payout)
    }),
  )
}

async function showDue(ctx: BotContext): Promise<void> {
  const { db, config } = ctx.deps
  const due = await listDueSellers(db, config.money.payoutMinCents)
  await ctx.show(dueCard(due, await findPreparedBatch(db), ctx.texts))
}

async function prepareList(ctx: BotContext, by: Administrator): Promise<void> {
  const prepared = await prepare(ctx.deps, by)
  ctx.deps.log.info({ userId: by, outcome: prepared.kind }, 'payouts prepared')
  if (prepared.kind === 'prepared') return showBatch(ctx, prepared.id, 0)
  await ctx.toast(ctx.texts.payouts[prepared.kind])
  await showDue(ctx)
}

async function showBatches(ctx: BotContext, wanted: number): Promise<void> {
  const { db } = ctx.deps
  await ctx.show(batchesCard(await readPage((part) => listBatches(db, part), wanted, perPage), ctx.texts))
}

async function withBatch(ctx: BotContext, id: BatchId, work: (batch: Batch) => Promise<void>): Promise<void> {
  const batch = await findBatch(ctx.deps.db, id)
  await (batch === undefined ? showBatches(ctx, 0) : work(batch))
}

const showBatch = (ctx: BotContext, id: BatchId, wanted: number): Promise<void> =>
  withBatch(ctx, id, async (batch) => {
    const all = await listPayouts(ctx.deps.db, id)
    const page = pageOf(wanted, all.length)
    const shown = all.slice(page * perPage, (page + 1) * perPage)
    await ctx.show(batchCard(batch, { shown, count: all.length, page }, ctx.texts))
  })

/** Whoever gives the list to a wallet pays all of it: what was paid, or must not be, is not in it. */
const isToBePaid = ({ state, obstacle }: Payout): boolean =>
  (state === 'prepared' || state === 'confirmed') && obstacle === null

/** What a wallet needs, and what a person checks it with. */
export const batchTable = (batch: Pick<Batch, 'code'>, payouts: readonly Payout[]): string =>
  csv([
    ['address', 'amount', 'currency', 'payout', 'shop', 'seller', 'state', 'orders'],
    ...payouts
      .filter(isToBePaid)
      .map((one) => [
        one.address,
        dollars(one.cents),
        'USDT (Solana)',
        `${batch.code}-${one.number}`,
        one.shopName,
        String(one.sellerId),
        one.state,
        one.orderCodes.join(' '),
      ]),
  ])

async function exportBatch(ctx: BotContext, batch: Batch, by: Administrator): Promise<void> {
  const { db, telegram } = ctx.deps
  mustBeAdministrator(ctx.deps, by)
  const payouts = await listPayouts(db, batch.id)
  const source = { bytes: Buffer.from(batchTable(batch, payouts)) }
  await insertAudit(db, { actor: by, action: 'batch.export', target: batch.id })
  await telegram.upload({
    method: 'sendDocument',
    params: { chat_id: ctx.chatId, document: 'attach://batch' },
    files: { batch: { name: `payouts-${batch.code}.csv`, contentType: 'text/csv', source } },
  })
  await ctx.toast(ctx.texts.payouts.exported(payouts.filter((one) => !isToBePaid(one)).length))
}

async function showPayout(ctx: BotContext, id: PayoutId): Promise<void> {
  const payout = await findPayout(ctx.deps.db, id)
  await (payout === undefined ? showBatches(ctx, 0) : ctx.show(payoutCard(payout, ctx.texts)))
}

/** A payout that somebody settled meanwhile is shown as it is now. */
async function withState(
  ctx: BotContext,
  id: PayoutId,
  state: Payout['state'],
  work: (payout: Payout) => Promise<void>,
): Promise<void> {
  const payout = await findPayout(ctx.deps.db, id)
  if (payout?.state === state) return work(payout)
  await ctx.toast(ctx.texts.payouts.over)
  await showPayout(ctx, id)
}
