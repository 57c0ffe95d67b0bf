import { type AlarmKind } from './alarm.ts'
import { type Alert } from './alert.ts'
import { type FileRefusal } from './notice.ts'

/** What an address is proved for. */
export type CodePurpose = 'open shop' | 'new email' | 'change email' | 'change address' | 'verify' | 'receipts'

/** What a mail says, as facts: codes, titles and amounts, never words. Amounts are cents in digits, times ISO 8601. */
export type Mail =
  | { readonly template: 'code'; readonly purpose: CodePurpose; readonly about: string }
  | { readonly template: 'welcome'; readonly shop: string }
  | { readonly template: 'email changed'; readonly email: string; readonly isOld: boolean }
  | { readonly template: 'address changed'; readonly address: string; readonly heldUntil: string }
  | { readonly template: 'first product'; readonly title: string }
  | { readonly template: 'product on sale'; readonly title: string }
  | { readonly template: 'version on sale'; readonly title: string; readonly number: number }
  | { readonly template: 'file refused'; readonly title: string; readonly reason: FileRefusal }
  | { readonly template: 'product deleted'; readonly title: string; readonly deletion: 'hidden' | 'removed' }
  | {
      readonly template: 'sale'
      readonly title: string
      readonly price: string
      readonly coin: string | null
      readonly orderCode: string
    }
  | {
      readonly template: 'receipt'
      readonly title: string
      readonly seller: string
      readonly price: string
      readonly fee: string
      readonly total: string
      readonly coin: string | null
      readonly orderCode: string
    }
  /** To whoever bought. */
  | {
      readonly template: 'refund sent'
      readonly orderCode: string
      readonly amount: string
      readonly asset: string
      /** Null: NOWPayments sent it back itself, and names no transaction. */
      readonly hash: string | null
    }
  /** To whoever sold. `set off`: it was paid out already, and goes off the next payout. */
  | {
      readonly template: 'order refunded'
      readonly title: string
      readonly orderCode: string
      readonly cents: string
      readonly share: 'cancelled' | 'set off'
    }
  | {
      readonly template: 'payout sent'
      readonly cents: string
      readonly address: string
      readonly hash: string
      readonly orderCodes: readonly string[]
    }
  | { readonly template: 'payout failed'; readonly cents: string; readonly reason: string }
  | {
      readonly template: 'product moderated'
      readonly title: string
      readonly isBanned: boolean
      /** It is taken back from its buyers as well; a mail of an older release does not say. */
      readonly isWithdrawn?: boolean
      readonly reason: string
      readonly until: string | null
    }
  /** `title` null: it was about their own account. */
  | { readonly template: 'appeal refused'; readonly title: string | null; readonly reason: string }
  | { readonly template: 'product restored'; readonly title: string }
  | { readonly template: 'person suspended'; readonly reason: string; readonly until: string | null }
  | { readonly template: 'person restored' }
  | { readonly template: 'money waits'; readonly cents: string }
  /** To ADMIN_EMAIL. `text` is all there was before there were facts. */
  | {
      readonly template: 'alert'
      readonly kind: string
      readonly ref: string
      readonly alert?: Alert | undefined
      readonly text?: string | undefined
    }
  | {
      readonly template: 'alarm'
      readonly kind: AlarmKind
      readonly subject: string
      readonly count: number
      readonly detail: string
      readonly isOver: boolean
    }

export type MailTemplate = Mail['template']

const minute = 60_000
const pauses = [minute, 5 * minute, 30 * minute, 120 * minute, 720 * minute]

/** How long a mail waits after so many tries in vain; undefined when that was the last one. */
export const pauseAfter = (tries: number): number | undefined => pauses[tries - 1]
