import type { Transporter } from 'nodemailer' // { type Transporter } would load it
import { type MailConfig } from '../runtime/settings.ts'
import { readSmtpFailure } from './smtp-failure.ts'
import { smtpOptions } from './smtp-options.ts'

/** A mail as it goes out. `id` becomes its Message-ID: the same mail sent again is known by it. */
export type OutgoingMail = {
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly html: string
  readonly text: string
}

export type Mailer = {
  /** Resolves once the server took the mail; throws an `SmtpFailure` otherwise. */
  send(mail: OutgoingMail, signal?: AbortSignal): Promise<void>
  close(): Promise<void>
}

const patienceMs = 90_000

/** Sends mails over one connection, kept between two of them. The library is loaded with the first. */
export function openMailer(config: MailConfig): Mailer {
  let transport: Promise<Transporter> | undefined
  return {
    send: async (mail, signal) => {
      transport ??= openTransport(config)
      const limits = [AbortSignal.timeout(patienceMs), ...(signal === undefined ? [] : [signal])]
      try {
        await (await transport).sendMail({ ...messageOf(mail, config), signal: AbortSignal.any(limits) })
      } catch (error) {
        throw readSmtpFailure(error)
      }
    },
    close: async () => {
      ;(await transport)?.close()
    },
  }
}

async function openTransport(config: MailConfig): Promise<Transporter> {
  const { createTransport } = await import('nodemailer')
  return createTransport({ ...smtpOptions(config), pool: true, maxConnections: 1, maxRequeues: 1 })
}

/** The envelope is ours: whatever an address looks like, it is one recipient. */
const messageOf = ({ id, to, subject, html, text }: OutgoingMail, { address, fromName }: MailConfig) => ({
  messageId: `<${id}@${domainOf(address)}>`,
  from: { name: oneLine(fromName), address },
  to: { name: '', address: to },
  envelope: { from: address, to: [to] },
  subject: oneLine(subject),
  html,
  text,
  headers: { 'Auto-Submitted': 'auto-generated' },
})

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)

/** A header is one line, whatever somebody called their product. */
const oneLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim()
