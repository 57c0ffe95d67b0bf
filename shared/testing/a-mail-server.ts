import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { type Certificate, makeCertificate } from '../../sandbox/mail/certificate.ts'
import { type MailServer, type MailServerOptions, startMailServer } from '../../sandbox/mail/mail-server.ts'
import { type MailConfig } from '../runtime/settings.ts'

type Cleanup = { after(close: () => Promise<void>): void }

export const mailUser = { user: 'shop@shop.example', password: 'a-word-of-tests' }

export type MailScene = { readonly server: MailServer; readonly config: MailConfig; readonly sources: string[] }

/** A mail server that runs for one test, and the settings that reach it; `sources` fills with what it took. */
export async function aMailServer(
  t: Cleanup,
  options: Partial<MailServerOptions> & { readonly isTrusted?: boolean } = {},
): Promise<MailScene> {
  const sources: string[] = []
  const server = await startMailServer({
    ...mailUser,
    onMail: ({ source }) => {
      sources.push(source)
    },
    ...(options.isTrusted === false ? {} : { certificate: trusted() }),
    ...options,
  })
  t.after(() => server.close())
  return { server, config: configFor(server), sources }
}

let known: Certificate | undefined

/** The one that this process trusts: what NODE_EXTRA_CA_CERTS does for a process that starts. */
function trusted(): Certificate {
  if (known !== undefined) return known
  known = makeCertificate()
  setDefaultCACertificates([...getCACertificates('default'), known.cert])
  return known
}

export const configFor = ({ port }: { readonly port: number }, password = mailUser.password): MailConfig => ({
  host: '127.0.0.1',
  port,
  address: mailUser.user,
  password,
  fromName: 'A shop, of “mine”',
})
