import { z } from 'zod'
import { defineEvent, type PayloadOf } from './define-event.ts'
import { emailId } from './fields.ts'

/** A mail is to be sent: `bot` hands it to the mail server. Published by whoever wrote it, or found it waiting. */
export const mailSend = defineEvent('mail.send', z.object({ emailId }))
export type MailSend = PayloadOf<typeof mailSend>
