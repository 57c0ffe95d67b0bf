import { Agent, request } from 'node:http'

export type Call = {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

/** One HTTP call over a connection that stays open: what every bare program does, and nothing more. */
export function call(
  url: string,
  { method = 'POST', headers, body = '' }: Call,
): Promise<[status: number, body: string]> {
  const { promise, resolve, reject } = Promise.withResolvers<[number, string]>()
  const length = { 'content-length': Buffer.byteLength(body) }
  const sent = request(url, { agent, method, headers: method === 'GET' ? headers : { ...headers, ...length } })
  sent.on('response', (response) => {
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.on('error', reject)
    response.on('end', () => {
      resolve([response.statusCode ?? 0, Buffer.concat(chunks).toString()])
    })
  })
  sent.on('error', reject)
  sent.end(method === 'GET' ? undefined : body)
  return promise
}
