import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createRawServer, type Socket } from 'node:net'
import { type TestContext } from 'node:test'

export type Heard = { readonly path: string; readonly headers: IncomingMessage['headers']; readonly body: Buffer }

/** Keeps a request's body, for servers that look at what they were sent. */
export async function hear(request: IncomingMessage): Promise<Heard> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) }
}

/** An HTTP server that answers as the test says, and ends with it. */
export async function anAnsweringServer(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<{ origin: string; connections: () => number }> {
  let connections = 0
  const server = createServer((request, response) => {
    Promise.resolve(answer(request, response)).catch(() => response.destroy())
  })
  server.on('connection', () => (connections += 1))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connections: () => connections }
}

/** A bare TCP server, for answers that are no proper HTTP. */
export async function aRawServer(t: TestContext, answer: (socket: Socket) => void): Promise<string> {
  const open = new Set<Socket>()
  const server = createRawServer((socket) => {
    open.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket))
    answer(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
