import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo } from 'node:net'
import { type TestContext } from 'node:test'
import { type Notification, readNotification } from '../../../shared/nowpayments/notification.ts'
import { type SignatureForm, statusOfRefusal, verifyNotification } from '../../../shared/nowpayments/signature.ts'
import { type SimulatorOptions } from '../options.ts'
import { type NewPayment } from '../provider.ts'
import { startNowPaymentsSimulator } from '../server.ts'

export const apiKey = 'KEY0001-KEY0002-KEY0003-KEY0004'
export const ipnSecret = 'made+up/secret-of-the-simulator='

/** A simulator that ends with the test, without limits and without pauses unless asked for. */
export async function playNowPayments(t: TestContext, options: Partial<SimulatorOptions> = {}) {
  const quick = { speed: 0, hasLimits: false, retry: { count: 2, everyMs: 5 } }
  const simulator = await startNowPaymentsSimulator({ apiKey, ipnSecret, ...quick, ...options })
  t.after(() => simulator.close())
  return simulator
}

type Told = { readonly body: string; readonly form: SignatureForm; readonly notification: Notification }
type Answer = (response: ServerResponse, count: number) => void

/** A shop that accepts what is genuine, keeps it, and refuses the rest; `answer` may misbehave instead. */
export async function playShop(t: TestContext, answer?: Answer) {
  const told: Told[] = []
  const refused: string[] = []
  let count = 0
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readAll(request)
    const result = verifyNotification(body, request.headers['x-nowpayments-sig'], [ipnSecret])
    if (result.kind === 'refused') {
      refused.push(result.reason)
      response.writeHead(statusOfRefusal[result.reason]).end()
      return
    }
    told.push({ body: result.text, form: result.form, notification: readNotification(result.tree) })
    count += 1
    if (answer === undefined) response.writeHead(200).end('{"ok":true}')
    else answer(response, count)
  }
  const server = createServer((request, response) => void receive(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ipn/nowpayments`
  const statuses = () => told.map(({ notification }) => ('status' in notification ? notification.status : null))
  return { url, told, refused, statuses }
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

export const anOrder = (changes: Partial<NewPayment> = {}): NewPayment => ({
  priceAmount: '19.9',
  priceCurrency: 'usd',
  payCurrency: 'usdtsol',
  orderId: 'K7M2P9QRST-1',
  ...changes,
})

/** Resolves as soon as the condition holds; fails after a while, saying what was waited for. */
export async function eventually(what: string, condition: () => boolean): Promise<void> {
  const endsAt = performance.now() + 60_000
  while (!condition()) {
    if (performance.now() > endsAt) throw new Error(`Waited in vain for ${what}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

export type Json = Readonly<Record<string, unknown>>

type Call = { readonly json?: unknown; readonly key?: string; readonly token?: string; readonly method?: string }

/** A call of the simulated API: with its key unless told otherwise, as POST when it carries JSON. */
export async function call(url: string, path: string, { json, key = apiKey, token, method }: Call = {}) {
  const headers = new Headers({ 'x-api-key': key })
  if (json !== undefined) headers.set('content-type', 'application/json')
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  const body = json === undefined ? null : JSON.stringify(json)
  const response = await fetch(url + path, { method: method ?? (body === null ? 'GET' : 'POST'), headers, body })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false
  return { status: response.status, text, body: (isJson ? JSON.parse(text) : {}) as Json }
}
