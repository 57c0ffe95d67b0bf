import { z } from 'zod'
import { defineEvent, type PayloadOf } from './define-event.ts'
import { deliveryId } from './fields.ts'

/** Somebody wants this delivery brought now; the only door to the sender. Published by whoever queues a delivery. */
export const deliveryRequested = defineEvent('delivery.requested', z.object({ deliveryId }))
export type DeliveryRequested = PayloadOf<typeof deliveryRequested>
