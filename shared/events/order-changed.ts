import { z } from 'zod'
import { defineEvent, type PayloadOf } from './define-event.ts'
import { orderId } from './fields.ts'

/** Something a buyer sees of an order changed: `bot` draws its message again. Published by whoever changed it. */
export const orderChanged = defineEvent('order.changed', z.object({ orderId }))
export type OrderChanged = PayloadOf<typeof orderChanged>
