import { type MailConfig } from '../runtime/settings.ts'
import { readSmtpFailure, type SmtpFailure } from './smtp-failure.ts'
import { smtpOptions } from './smtp-options.ts'

export type SmtpCheck = { readonly kind: 'ok' } | { readonly kind: 'failed'; readonly failure: SmtpFailure }

const patienceMs = 30_000

/** Whether the mail server lets us in: it connects, encrypts and logs in, and sends nothing. Never throws. */
export async function checkSmtp(config: MailConfig): Promise<SmtpCheck> {
  const { createTransport } = await import('nodemailer')
  const transport = createTransport(smtpOptions(config))
  const overdue = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    overdue.reject(Object.assign(new Error(`Expected an answer within ${patienceMs} ms`), { code: 'ETIMEDOUT' }))
  }, patienceMs)
  try {
    await Promise.race([transport.verify(), overdue.promise])
    return { kind: 'ok' }
  } catch (error) {
    return { kind: 'failed', failure: readSmtpFailure(error) }
  } finally {
    clearTimeout(timer)
    transport.close()
  }
}
