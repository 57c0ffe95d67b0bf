import { type Branded } from './brand.ts'

/** Ids are opaque uuids, except for a person: that is Telegram's own number. */
export type OrderId = Branded<string, 'OrderId'>
export type PaymentId = Branded<string, 'PaymentId'>
export type DeliveryId = Branded<string, 'DeliveryId'>
export type ProductId = Branded<string, 'ProductId'>
export type FileId = Branded<string, 'FileId'>
export type ImageId = Branded<string, 'ImageId'>
export type NoticeId = Branded<string, 'NoticeId'>
export type EmailId = Branded<string, 'EmailId'>
export type EmailCodeId = Branded<string, 'EmailCodeId'>
export type UploadLinkId = Branded<string, 'UploadLinkId'>
export type UploadSessionId = Branded<string, 'UploadSessionId'>
export type DeadLetterId = Branded<string, 'DeadLetterId'>
export type SellerChangeId = Branded<string, 'SellerChangeId'>
export type CaseId = Branded<string, 'CaseId'>
export type RefundId = Branded<string, 'RefundId'>
export type BatchId = Branded<string, 'BatchId'>
export type PayoutId = Branded<string, 'PayoutId'>
export type FindingId = Branded<string, 'FindingId'>
export type AppealId = Branded<string, 'AppealId'>
export type CategoryId = Branded<string, 'CategoryId'>
export type PersonId = Branded<bigint, 'PersonId'>

export const personId = (telegramId: bigint | number): PersonId => BigInt(telegramId) as PersonId
