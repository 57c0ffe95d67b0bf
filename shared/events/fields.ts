import { z } from 'zod'
import { type Branded } from '../domain/brand.ts'
import {
  type DeliveryId,
  type EmailId,
  type FileId,
  type ImageId,
  type NoticeId,
  type OrderId,
  type PaymentId,
  type ProductId,
} from '../domain/ids.ts'
import { cents } from '../domain/money.ts'

/** An id travels as it is: lower-case uuid text. */
const id = <Id extends Branded<string, string>>() =>
  z.codec(z.guid().lowercase(), z.custom<Id>(), { decode: (text) => text as unknown as Id, encode: (value) => value })

export const orderId = id<OrderId>()
export const paymentId = id<PaymentId>()
export const deliveryId = id<DeliveryId>()
export const productId = id<ProductId>()
export const fileId = id<FileId>()
export const imageId = id<ImageId>()
export const noticeId = id<NoticeId>()
export const emailId = id<EmailId>()

/** Cents travel as digits: JSON knows no bigint. */
export const amountInCents = z.codec(z.string().regex(/^\d{1,18}$/), z.custom<ReturnType<typeof cents>>(isCents), {
  decode: (digits) => cents(BigInt(digits)),
  encode: (amount) => amount.toString(),
})

function isCents(value: unknown): boolean {
  return typeof value === 'bigint' && value >= 0n
}
