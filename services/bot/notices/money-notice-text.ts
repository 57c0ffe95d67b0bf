import { type MoneyNotice } from '../../../shared/domain/notice.ts'
import { type Html } from '../../../shared/telegram/html.ts'
import { type Texts } from '../../../shared/texts/index.ts'

/** The words for each kind of notice about money. */
export function moneyNoticeText({ refunds, payouts }: Texts, notice: MoneyNotice, title: string): Html {
  switch (notice.kind) {
    case 'case accepted':
      return refunds.accepted(notice.orderCode)
    case 'case closed':
      return refunds.closed(notice.orderCode, notice.reason, notice.answer ?? 'request')
    case 'refund address wanted':
      return refunds.addressWanted(notice.orderCode, BigInt(notice.cents))
    case 'refund sent':
      return refunds.sent(notice.orderCode, notice.amount, notice.asset, notice.hash)
    case 'refund refused':
      return refunds.refused(notice.orderCode, notice.reason)
    case 'order refunded':
      return refunds.sellerTold(title, notice.orderCode, BigInt(notice.cents), notice.share)
    case 'payout sent':
      return payouts.sent({ ...notice, cents: BigInt(notice.cents) })
    case 'payout failed':
      return payouts.failed(BigInt(notice.cents), notice.reason)
  }
}
