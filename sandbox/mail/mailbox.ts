import { randomUUID } from 'node:crypto'
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import { fastify, type FastifyInstance } from 'fastify'
import { makeCertificate } from './certificate.ts'
import { type MailServer, startMailServer } from './mail-server.ts'

export type MailboxOptions = {
  /** Where mails are kept, and the certificate the services are to trust. */
  readonly folder: string
  /** Of the page; any free one unless told. */
  readonly port?: number
  readonly password: string
}

/** A mail as the page shows it. */
export type ShownMail = {
  readonly id: string
  readonly at: string
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly html: string
  readonly text: string
}

export type Mailbox = {
  /** The page with every mail. */
  readonly url: string
  /** The settings with which services send to it. */
  readonly environment: Readonly<Record<string, string>>
  readonly mails: () => readonly ShownMail[]
  close(): Promise<void>
}

const sender = 'shop@comptoir.example'
const administrator = 'admin@comptoir.example'
const mostKept = 500

/** Everybody's mailbox: a real mail server that delivers nothing any further, and a page that shows what it was given. */
export async function startMailbox({ folder, port = 0, password }: MailboxOptions): Promise<Mailbox> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'mails.jsonl')
  const mails = await readMails(path)
  const certificate = makeCertificate()
  const certificatePath = join(folder, 'certificate.pem')
  await writeFile(certificatePath, certificate.cert)
  const smtp = await startMailServer({
    ...{ user: sender, password, certificate },
    onMail: async ({ from, to, source }) => {
      const mail = await readMail(from, to, source)
      await appendFile(path, `${JSON.stringify(mail)}\n`)
      mails.push(mail)
    },
  })
  const page = await openPage(mails, port)
  return {
    url: `http://127.0.0.1:${(page.server.address() as AddressInfo).port}/`,
    environment: environmentOf(smtp, password, certificatePath),
    mails: () => mails,
    close: async () => {
      await Promise.all([page.close(), smtp.close()])
    },
  }
}

const environmentOf = ({ port }: MailServer, password: string, certificatePath: string): Record<string, string> => ({
  SMTP_HOST: '127.0.0.1',
  SMTP_PORT: String(port),
  SMTP_EMAIL: sender,
  SMTP_PASSWORD: password,
  ADMIN_EMAIL: administrator,
  // how Node is told whom to trust besides the authorities it knows
  NODE_EXTRA_CA_CERTS: certificatePath,
})

/** What was kept before; a line that was cut short by a crash is left out. */
async function readMails(path: string): Promise<ShownMail[]> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const mails = text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as ShownMail]
    } catch {
      return []
    }
  })
  return mails.slice(-mostKept)
}

/** The parser is loaded with the first mail. */
async function readMail(from: string, to: string, source: string): Promise<ShownMail> {
  const { simpleParser } = await import('mailparser')
  const { subject = '', html, text = '' } = await simpleParser(source)
  const at = new Date().toISOString()
  return { id: randomUUID(), at, from, to, subject, html: html === false ? '' : (html ?? ''), text }
}

/** What a mail holds is shown in a frame that may do nothing and load nothing. */
const framed = `sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'`

async function openPage(mails: readonly ShownMail[], port: number): Promise<FastifyInstance> {
  const server = fastify({ forceCloseConnections: true })
  server.get('/api/mails', () => mails.toReversed().map(({ id, at, to, subject }) => ({ id, at, to, subject })))
  server.get<{ Params: { id: string } }>('/mails/:id', (request, reply) => {
    const mail = mails.find(({ id }) => id === request.params.id)
    if (mail === undefined) return reply.code(404).send('There is no such mail.\n')
    return reply.header('content-security-policy', framed).type('text/html; charset=utf-8').send(mail.html)
  })
  const root = ['./web', '../web'].map((folder) => fileURLToPath(new URL(folder, import.meta.url)))
  await server.register(fastifyStatic, { root, index: 'mailbox.html', cacheControl: false, wildcard: false })
  await server.listen({ host: '127.0.0.1', port })
  return server
}
