import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo } from 'node:net'
import { type TestContext } from 'node:test'
import { pino } from 'pino'
import { openNowPayments, type PaymentRequest } from '../client.ts'

type Asked = { method: string; url: string; key: string; body: string }
export type Script = (asked: Asked, response: ServerResponse) => void

export const apiKey = 'AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD'
export const html = '<html><head><title>429 Too Many Requests</title></head></html>'

export const say = (status: number, body: string) => (_asked: Asked, response: ServerResponse) => {
  response.writeHead(status, { 'content-type': body.startsWith('<') ? 'text/html' : 'application/json' }).end(body)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** A provider that answers by a script: one step per request, the last one for ever. */
export async function aProvider(t: TestContext, ...script: Script[]) {
  const asked: Asked[] = []
  const logged: string[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const key = String(request.headers['x-api-key'])
    const call = { method: request.method ?? '', url: request.url ?? '', key, body: await readBody(request) }
    asked.push(call)
    script[Math.min(asked.length, script.length) - 1]?.(call, response)
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`
  const log = pino({}, { write: (line) => logged.push(line) })
  return { client: openNowPayments({ apiUrl, apiKey, log, pauseMs: () => 1 }), asked, logged }
}

export const request: PaymentRequest = {
  priceCents: 1990n,
  payCurrency: 'usdtsol',
  orderId: 'K7M2P9QRST-1',
  description: 'Comptoir order K7M2P9QRST',
  callbackUrl: 'https://shop.example/ipn/nowpayments',
}

export const created = `{"payment_id":"5745459419","payment_status":"waiting","pay_address":"7v91N7iZ9mNicL8WfG6cgSCKyRXydQjLh6UYBWwm6y1Q",
  "price_amount":19.9,"price_currency":"usd","pay_amount":19.90123456,"pay_currency":"usdtsol","order_id":"K7M2P9QRST-1",
  "purchase_id":"5837122679","amount_received":null,"payin_extra_id":null,"network":"sol","network_precision":"6",
  "created_at":"2026-10-06T10:00:00.000Z","valid_until":"2026-10-13T10:00:00.000Z"}`
