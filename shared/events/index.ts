import { adminAlert } from './admin-alert.ts'
import { coverReceived } from './cover-received.ts'
import { type Event } from './define-event.ts'
import { deliveryRequested } from './delivery-requested.ts'
import { fileReceived } from './file-received.ts'
import { mailSend } from './mail-send.ts'
import { mediaMissing } from './media-missing.ts'
import { noticeQueued } from './notice-queued.ts'
import { orderChanged } from './order-changed.ts'
import { paymentConfirmed } from './payment-confirmed.ts'

export { type AdminAlert, adminAlert } from './admin-alert.ts'
export { type CoverReceived, coverReceived } from './cover-received.ts'
export { decodePayload, encodePayload, type Event, type PayloadOf } from './define-event.ts'
export { type DeliveryRequested, deliveryRequested } from './delivery-requested.ts'
export { type FileReceived, fileReceived } from './file-received.ts'
export { type MailSend, mailSend } from './mail-send.ts'
export { type MediaMissing, mediaMissing } from './media-missing.ts'
export { type NoticeQueued, noticeQueued } from './notice-queued.ts'
export { type OrderChanged, orderChanged } from './order-changed.ts'
export { type PaymentConfirmed, paymentConfirmed } from './payment-confirmed.ts'

/** Every event there is. */
export const events: readonly Event[] = [
  paymentConfirmed,
  deliveryRequested,
  orderChanged,
  fileReceived,
  coverReceived,
  mediaMissing,
  noticeQueued,
  mailSend,
  adminAlert,
]
