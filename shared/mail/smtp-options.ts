import { type MailConfig } from '../runtime/settings.ts'

const tlsPort = 465

/** How we talk to a mail server: encrypted or not at all, its certificate checked by Node's own rules, nothing for ever. */
export const smtpOptions = ({ host, port, address, password }: MailConfig) => ({
  host,
  port,
  secure: port === tlsPort,
  requireTLS: true,
  auth: { user: address, pass: password },
  tls: { minVersion: 'TLSv1.2' as const },
  dnsTimeout: 10_000,
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  socketTimeout: 30_000,
  disableFileAccess: true,
  disableUrlAccess: true,
})
