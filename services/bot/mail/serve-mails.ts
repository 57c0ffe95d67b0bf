import { mailSend } from '../../../shared/events/index.ts'
import { type Mailer, openMailer } from '../../../shared/mail/mailer.ts'
import { type Bus } from '../../../shared/messaging/bus.ts'
import { type BotDeps } from '../context.ts'
import { sendMail } from './send-mail.ts'
import { writeLetter } from './write-letter.ts'

/** Sends mails as they are asked for, one at a time. Without settings none is, which is said once. Close it at the end. */
export function serveMails(bus: Bus, deps: BotDeps): Pick<Mailer, 'close'> {
  const { config, db, log } = deps
  const mailer = config.mail === undefined ? undefined : openMailer(config.mail)
  if (mailer === undefined)
    log.warn({ reason: 'mail.off' }, 'SMTP_EMAIL and SMTP_PASSWORD are not set: no e-mail is sent, each is skipped')
  const sending = { db, log, mailer, write: writeLetter(deps) }
  bus.subscribe(mailSend, { durable: 'bot-mail-send', concurrency: 1 }, (queued, { signal }) =>
    sendMail(sending, queued, signal),
  )
  return { close: async () => mailer?.close() }
}
