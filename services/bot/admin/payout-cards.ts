import { type Batch } from '../../../shared/db/batches.ts'
import { type DueSeller } from '../../../shared/db/payable-shares.ts'
import { type Payout } from '../../../shared/db/payouts.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { buttonData } from '../buttons.ts'
import { type Card } from '../context.ts'
import { button, styled } from '../keyboard.ts'
import { numbered, pageKeys, type Paged, perPage } from './case-cards.ts'

/** Who is owed what, and who cannot be paid for which reason. */
export function dueCard(due: readonly DueSeller[], prepared: Batch | undefined, { payouts, admin }: Texts): Card {
  const payable = due.filter(({ obstacle }) => obstacle === null)
  const waiting = due.filter(({ obstacle }) => obstacle !== null)
  return {
    at: buttonData('payouts'),
    picture: 'neutral',
    text: payouts.due(payable, waiting),
    keyboard: [
      prepared === undefined
        ? payable.length === 0
          ? []
          : [styled(button(payouts.prepare, 'prepareBatch'), 'primary')]
        : [styled(button(payouts.waiting(prepared.code), 'batch', { batch: prepared.id, page: 0 }), 'primary')],
      [button(payouts.history, 'batches', { page: 0 })],
      [button(admin.back, 'admin')],
    ],
  }
}

export function batchesCard(list: Paged<Batch>, { payouts }: Texts): Card {
  return {
    at: buttonData('batches', { page: list.page }),
    picture: 'neutral',
    text: list.count === 0 ? payouts.noBatches : payouts.batches(list.count, list.page * perPage + 1, list.shown),
    keyboard: [
      ...numbered(list, ({ id }, label) => button(label, 'batch', { batch: id, page: 0 })),
      pageKeys(list, (label, to) => button(label, 'batches', { page: to })),
      [button(payouts.toPayouts, 'payouts')],
    ],
  }
}

/** One list with its payouts, and what can be done about it in its state. */
export function batchCard(batch: Batch, list: Paged<Payout>, { payouts }: Texts): Card {
  const of = { batch: batch.id }
  const isOpen = batch.state === 'prepared' || batch.state === 'confirmed'
  return {
    at: buttonData('batch', { ...of, page: list.page }),
    picture: 'neutral',
    text: payouts.batch(batch, list.shown),
    keyboard: [
      ...numbered(list, ({ id }, label) => button(label, 'payout', { payout: id })),
      pageKeys(list, (label, to) => button(label, 'batch', { ...of, page: to })),
      batch.state === 'prepared' ? [styled(button(payouts.confirmBatch, 'confirmBatch', of), 'success')] : [],
      [
        button(payouts.export, 'batchFile', of),
        ...(isOpen && batch.isUntouched ? [button(payouts.cancelBatch, 'cancelBatch', of)] : []),
      ],
      [button(payouts.toPayouts, 'payouts')],
    ],
  }
}

/** A second press, which names what was seen: from a confirmed list somebody may have paid already. */
export function cancelCard(
  batch: Batch & { readonly state: 'prepared' | 'confirmed' },
  { payouts, common }: Texts,
): Card {
  return {
    at: buttonData('cancelBatch', { batch: batch.id }),
    picture: 'neutral',
    text: payouts.askCancel(batch),
    keyboard: [
      [styled(button(payouts.cancelNow, 'cancelBatchNow', { batch: batch.id, seen: batch.state }), 'danger')],
      [button(common.back, 'batch', { batch: batch.id, page: 0 })],
    ],
  }
}

/** One transfer: where it goes, and what became of it. */
export function payoutCard(payout: Payout, { payouts }: Texts): Card {
  const of = { payout: payout.id }
  const { state } = payout
  return {
    at: buttonData('payout', of),
    picture: 'neutral',
    text: payouts.payout(payout),
    keyboard: [
      state === 'confirmed' ? [styled(button(payouts.enterHash, 'payoutSent', of), 'success')] : [],
      state === 'sent' ? [styled(button(payouts.markSettled, 'payoutSettled', of), 'success')] : [],
      state === 'confirmed' || state === 'sent'
        ? [button(payouts.markFailed, 'payoutFailed', { ...of, seen: state })]
        : [],
      [button(payouts.toBatch, 'batch', { batch: payout.batchId, page: 0 })],
    ],
  }
}
