import { z } from 'zod'
import { type Alert, isAlert } from '../domain/alert.ts'
import { defineEvent, type PayloadOf } from './define-event.ts'

/**
 * Administrators should know: `bot` tells each of them, in their language. `ref` names what it is about, such as an order's code.
 * `text`, in English, is all that an event of an older release has, and all that a bot of one reads.
 */
export const adminAlert = defineEvent(
  'admin.alert',
  z
    .object({
      kind: z.string().min(1),
      ref: z.string(),
      alert: z.custom<Alert>(isAlert).optional(),
      text: z.string().min(1).optional(),
    })
    .refine(({ alert, text }) => alert !== undefined || text !== undefined, 'an alert says what it is about'),
)
export type AdminAlert = PayloadOf<typeof adminAlert>
