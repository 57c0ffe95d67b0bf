import { once } from 'node:events'
import { type AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import { type Certificate, makeCertificate } from './certificate.ts'

export type MailServerOptions = {
  /** Any free one unless told. */
  readonly port?: number
  readonly user: string
  readonly password: string
  readonly certificate?: Certificate
  /** Encrypted from the first byte, as on port 465; otherwise by STARTTLS. */
  readonly isSecure?: boolean
  readonly hasEncryption?: boolean
  /** Says no to a sender, a recipient or a whole mail, with an SMTP code. */
  readonly refuse?: (stage: 'from' | 'to' | 'data', address: string) => Refusal | undefined
  /** Called with each mail once it arrived and before it is answered; the answer waits for it. */
  readonly onMail: (mail: ReceivedMail, session: SMTPServerSession) => Promise<void> | void
}

export type Refusal = { readonly code: number; readonly text: string }

/** A mail as it came over the wire. */
export type ReceivedMail = { readonly from: string; readonly to: string; readonly source: string }

export type MailServer = {
  readonly port: number
  readonly certificate: Certificate
  /** How many connections are open now. */
  readonly connections: () => number
  /** Ends every connection without a word. */
  cut(): void
  close(): Promise<void>
}

/** A real SMTP server on this machine that keeps whatever it is given. */
export async function startMailServer(options: MailServerOptions): Promise<MailServer> {
  const certificate = options.certificate ?? makeCertificate()
  const server = new SMTPServer({
    ...certificate,
    secure: options.isSecure ?? false,
    ...(options.hasEncryption === false ? { disabledCommands: ['STARTTLS'], allowInsecureAuth: true } : {}),
    disableReverseLookup: true,
    closeTimeout: 500,
    ...handlersOf(options),
  })
  // a client that goes away in the middle is its own affair
  server.on('error', () => undefined)
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server.server, 'listening')
  return {
    port: (server.server.address() as AddressInfo).port,
    certificate,
    connections: () => server.connections.size,
    cut: () => {
      for (const { _socket: socket } of server.connections) socket.destroy()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
      }),
  }
}

type Handlers = Pick<
  NonNullable<ConstructorParameters<typeof SMTPServer>[0]>,
  'onAuth' | 'onMailFrom' | 'onRcptTo' | 'onData'
>

function handlersOf({ user, password, refuse, onMail }: MailServerOptions): Handlers {
  const verdict = (stage: 'from' | 'to' | 'data', address: string): Error | null => {
    const refusal = refuse?.(stage, address)
    return refusal === undefined ? null : Object.assign(new Error(refusal.text), { responseCode: refusal.code })
  }
  return {
    onAuth: (auth, _session, answer) => {
      if (auth.username === user && auth.password === password) answer(null, { user })
      else answer(Object.assign(new Error('Username and Password not accepted'), { responseCode: 535 }))
    },
    onMailFrom: ({ address }, _session, answer) => {
      answer(verdict('from', address))
    },
    onRcptTo: ({ address }, _session, answer) => {
      answer(verdict('to', address))
    },
    onData: (stream, session, answer) => {
      const to = session.envelope.rcptTo.map(({ address }) => address).join(', ')
      const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address
      void readText(stream)
        .then(async (source) => {
          const refusal = verdict('data', to)
          if (refusal === null) await onMail({ from, to, source }, session)
          answer(refusal)
        })
        .catch((error: unknown) => {
          answer(error instanceof Error ? error : new Error(String(error)))
        })
    },
  }
}
