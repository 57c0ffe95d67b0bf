import { type FileId, type ImageId, type PayoutId, type ProductId, type RefundId, type SellerChangeId } from './ids.ts'

/** What a person is told in the chat, as facts: ids and codes, never words. Products are named by their present title. */
export type Notice =
  | { readonly kind: 'file received'; readonly productId: ProductId; readonly fileId: FileId }
  | { readonly kind: 'product on sale'; readonly productId: ProductId }
  | { readonly kind: 'version on sale'; readonly productId: ProductId; readonly fileId: FileId }
  | {
      readonly kind: 'file refused'
      readonly productId: ProductId
      readonly fileId: FileId
      readonly reason: FileRefusal
    }
  | {
      readonly kind: 'cover refused'
      readonly productId: ProductId
      readonly imageId: ImageId
      readonly reason: CoverRefusal
    }
  | { readonly kind: 'new version'; readonly productId: ProductId; readonly fileId: FileId }
  /** The right to a file whose product was deleted long ago ends on that day; as ISO 8601. */
  | { readonly kind: 'file ending'; readonly productId: ProductId; readonly endsAt: string }
  | { readonly kind: 'picture lost'; readonly productId: ProductId; readonly imageId: ImageId }
  | { readonly kind: 'original damaged'; readonly productId: ProductId; readonly fileId: FileId }
  | {
      readonly kind: 'address changed'
      readonly changeId: SellerChangeId
      readonly address: string
      /** As ISO 8601. */
      readonly heldUntil: string
    }
  | {
      readonly kind: 'email changed'
      readonly changeId: SellerChangeId
      readonly email: string
      /** The address it was before, which is told as well. */
      readonly old?: { readonly address: string; readonly isConfirmed: boolean }
    }
  /** `isMailOff`: nothing can be mailed at all, whatever the address. */
  | { readonly kind: 'code not sent'; readonly email: string; readonly isMailOff?: boolean }
  /** Cents in digits. */
  | { readonly kind: 'money waits'; readonly cents: string }
  /** An administrator looked at it and lifted the freeze. */
  | { readonly kind: 'payouts open again'; readonly liftId: SellerChangeId }
  | {
      readonly kind: 'product moderated'
      readonly productId: ProductId
      readonly isBanned: boolean
      readonly reason: string
      /** As ISO 8601; null when nothing ends it by itself. */
      readonly until: string | null
      /** It is taken back from those who bought it as well. */
      readonly isWithdrawn?: boolean
    }
  /** `isAppealed`: their appeal was granted by it. */
  | { readonly kind: 'product restored'; readonly productId: ProductId; readonly isAppealed?: boolean }
  | { readonly kind: 'content withdrawn'; readonly productId: ProductId; readonly isPaid: boolean }
  /** What was withdrawn is restored, and its buyer has it again. */
  | { readonly kind: 'content returned'; readonly productId: ProductId }
  | { readonly kind: 'person suspended'; readonly reason: string; readonly until: string | null }
  | { readonly kind: 'person restored'; readonly isAppealed?: boolean }
  /** `productId` null: it was about their own account. */
  | { readonly kind: 'appeal refused'; readonly productId: ProductId | null; readonly reason: string }
  | { readonly kind: 'address hold over' }
  | MoneyNotice

/** What becomes of money. Cents travel as digits. */
export type MoneyNotice =
  | { readonly kind: 'case accepted'; readonly orderCode: string }
  | {
      readonly kind: 'case closed'
      readonly orderCode: string
      readonly reason: string
      /** What they waited for; it was not kept before there was a difference. */
      readonly answer?: 'request' | 'payment'
    }
  | {
      readonly kind: 'refund address wanted'
      readonly refundId: RefundId
      readonly orderCode: string
      readonly cents: string
    }
  | {
      readonly kind: 'refund sent'
      readonly orderCode: string
      readonly amount: string
      readonly asset: string
      readonly hash: string
    }
  | { readonly kind: 'refund refused'; readonly orderCode: string; readonly reason: string }
  | {
      readonly kind: 'order refunded'
      readonly productId: ProductId
      readonly orderCode: string
      readonly cents: string
      readonly share: 'cancelled' | 'set off'
    }
  | {
      readonly kind: 'payout sent'
      readonly payoutId: PayoutId
      readonly cents: string
      readonly address: string
      readonly hash: string
      readonly orderCodes: readonly string[]
    }
  | { readonly kind: 'payout failed'; readonly payoutId: PayoutId; readonly cents: string; readonly reason: string }

export type NoticeKind = Notice['kind']

/** Why a file is not taken for sale. */
export type FileRefusal =
  | 'empty'
  | 'too large'
  | 'no extension'
  | 'blocked type'
  | 'unsupported type'
  | 'other content'
  | 'protected document'
  | 'executable'
  | 'archive bomb'
  | 'damaged archive'
  | 'damaged on the way'
  | 'gone from Telegram'
  | 'given up'
  | 'too soon'
  | 'too many versions'
  | 'quota'

/** Why a picture is not taken as a cover. */
export type CoverRefusal =
  | 'empty'
  | 'not a picture'
  | 'too many bytes'
  | 'too small'
  | 'too large'
  | 'too narrow'
  | 'damaged'
  | 'gone from Telegram'
  | 'given up'
  | 'quota'
