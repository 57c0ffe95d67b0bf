import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo } from 'node:net'
import { type TestContext } from 'node:test'
import { type ShownUpdate } from './testing.ts'

/** One update brought to the webhook, waiting for the test to answer it. */
export type Visit = {
  update: ShownUpdate
  headers: IncomingMessage['headers']
  answer: (status: number, headers?: Record<string, string>, body?: string) => void
}

/** A bot's webhook under the test's control: each visit waits until the test answers it. */
export class Hook {
  readonly url: string
  readonly #server
  readonly #visits: Visit[] = []
  readonly #waiting: ((visit: Visit) => void)[] = []

  constructor(url: string, server: ReturnType<typeof createServer>) {
    this.url = url
    this.#server = server
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#receive(request, response))
  }

  static async open(t: TestContext): Promise<Hook> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => {
      server.closeAllConnections()
      server.close()
    })
    return new Hook(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, server)
  }

  get visitsWaiting(): number {
    return this.#visits.length
  }

  visit(): Promise<Visit> {
    const visit = this.#visits.shift()
    if (visit !== undefined) return Promise.resolve(visit)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const update = JSON.parse(Buffer.concat(chunks).toString()) as ShownUpdate
    const answer: Visit['answer'] = (status, headers = {}, body = '') => {
      response.writeHead(status, headers).end(body)
    }
    const visit = { update, headers: request.headers, answer }
    const waiting = this.#waiting.shift()
    if (waiting === undefined) this.#visits.push(visit)
    else waiting(visit)
  }
}
