import { z } from 'zod'
import { defineEvent, type PayloadOf } from './define-event.ts'

/** Administrators should know: `bot` tells each of them. `ref` names what it is about, such as an order's code. */
export const adminAlert = defineEvent(
  'admin.alert',
  z.object({ kind: z.string().min(1), text: z.string().min(1), ref: z.string() }),
)
export type AdminAlert = PayloadOf<typeof adminAlert>
