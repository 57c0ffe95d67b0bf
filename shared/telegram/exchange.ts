import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** One HTTP request. A streamed body says its length beforehand. */
export type Outgoing = {
  readonly url: URL
  readonly agent: http.Agent
  readonly contentType: string
  readonly contentLength: number
  readonly body: Uint8Array | AsyncIterable<Uint8Array>
}

export type Answer = { readonly status: number; readonly retryAfter: string | undefined; readonly body: string }

/** The exchange did not end with an answer. `reached` tells whether the request may have been read by the other side. */
export class ExchangeFailed extends Error {
  readonly reached: boolean

  constructor(reached: boolean, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.reached = reached
  }
}

/** The body could not be read here: the fault is ours, not the other side's. */
export class BodyFailed extends Error {
  constructor(cause: unknown) {
    super('Could not read what was to be sent', { cause })
  }
}

/** An agent for one remote: keep-alive, but never so long that the other side hangs up on a request just being sent. */
export const openAgent = (root: URL, maxSockets: number): http.Agent =>
  new (root.protocol === 'https:' ? https : http).Agent({ keepAlive: true, timeout: 15_000, maxSockets })

/** Posts and reads the answer. Redirects are not followed; an answer that comes before the body was sent ends it. */
export async function post(outgoing: Outgoing, signal: AbortSignal): Promise<Answer> {
  const request = open(outgoing, signal)
  const reached = watchConnection(request)
  const answering = Promise.allSettled([answerTo(request)])
  const sending = Promise.allSettled([sendBody(request, outgoing.body)])
  const [said] = await answering
  leave(request)
  const [handed] = await sending
  if (said.status === 'fulfilled') return said.value
  if (handed.status === 'rejected') throw handed.reason
  throw new ExchangeFailed(reached(), said.reason)
}

/** A request that was not sent to its end cannot share its connection with the next one. */
function leave(request: ClientRequest): void {
  if (!request.writableFinished) request.destroy()
}

function open({ url, agent, contentType, contentLength, body }: Outgoing, signal: AbortSignal): ClientRequest {
  const headers: http.OutgoingHttpHeaders = { 'content-type': contentType, 'content-length': contentLength }
  // A large body is only sent once the other side has seen its size and agreed.
  if (!(body instanceof Uint8Array)) headers.expect = '100-continue'
  return requestBy(url)(url, { method: 'POST', agent, headers, signal })
}

export const requestBy = (url: URL): typeof http.request => (url.protocol === 'https:' ? https.request : http.request)

/** Tells, at any time, whether the request had a connection to travel on. */
export function watchConnection(request: ClientRequest): () => boolean {
  let isConnected = false
  const connected = () => {
    isConnected = true
  }
  request.once('socket', (socket) => {
    if (!socket.connecting) connected()
    else socket.once(request.protocol === 'https:' ? 'secureConnect' : 'connect', connected)
  })
  return () => isConnected
}

const answerTo = (request: ClientRequest): Promise<Answer> =>
  new Promise((resolve, reject) => {
    request.on('error', reject)
    request.once('response', (incoming) => {
      readAnswer(incoming).then(resolve, reject)
    })
  })

const mostAnswerBytes = 32 * 1024 * 1024

async function readAnswer(incoming: IncomingMessage): Promise<Answer> {
  const status = incoming.statusCode ?? 0
  const retryAfter = incoming.headers['retry-after']
  try {
    return { status, retryAfter, body: await readText(incoming) }
  } catch (error) {
    // These two say enough without a body, and often come with a cut connection.
    if (status === 413 || status === 429) return { status, retryAfter, body: '' }
    throw error
  }
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > mostAnswerBytes) throw new Error(`Expected an answer of at most ${mostAnswerBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Rejects only when the body itself could not be read; what happens on the way is the answer's matter. */
async function sendBody(request: ClientRequest, body: Outgoing['body']): Promise<void> {
  if (body instanceof Uint8Array) {
    request.end(body)
    return
  }
  request.flushHeaders()
  if (!(await mayGoOn(request))) return
  const failures: unknown[] = []
  const chunks = Readable.from(noting(body, failures), { objectMode: false, highWaterMark: 65_536 })
  await pipeline(chunks, request).catch((error: unknown) => request.destroy(error as Error))
  if (failures.length > 0) throw new BodyFailed(failures[0])
}

/** True when the body is wanted (or nobody objects within a second), false when the answer is already there. */
const mayGoOn = (request: ClientRequest): Promise<boolean> =>
  new Promise((resolve) => {
    const patience = setTimeout(resolve, 1000, true)
    const settle = (goOn: boolean) => {
      clearTimeout(patience)
      resolve(goOn)
    }
    request.once('continue', () => {
      settle(true)
    })
    for (const end of ['response', 'close', 'error'] as const) {
      request.once(end, () => {
        settle(false)
      })
    }
  })

/** Notes only what the source itself throws: a broken connection is thrown into a generator from its other end. */
async function* noting(chunks: AsyncIterable<Uint8Array>, failures: unknown[]): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]()
  const next = () =>
    source.next().catch((error: unknown) => {
      failures.push(error)
      throw error
    })
  try {
    for (let step = await next(); step.done !== true; step = await next()) yield step.value
  } finally {
    await source.return?.()
  }
}
