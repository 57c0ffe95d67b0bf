import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { test, type TestContext } from 'node:test'
import { type FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { Figures } from '../runtime/figures.ts'
import { type HealthReport } from '../runtime/health.ts'
import { OperatorError } from '../runtime/operator-error.ts'
import { HttpError } from './errors.ts'
import { createServer, listen, type ServerOptions } from './http-server.ts'

const quiet = pino({ enabled: false })
const report = (status: HealthReport['status']): HealthReport => ({
  status,
  service: 'ipn',
  version: '1.2.3',
  checks: { database: { ok: status !== 'down' }, outbox: { ok: true, detail: 7 } },
})

async function aServer(t: TestContext, options: Partial<ServerOptions> = {}): Promise<FastifyInstance> {
  const isAway = (error: unknown): boolean => error instanceof Error && error.message === 'away'
  const server = await createServer({ log: quiet, health: () => Promise.resolve(report('ok')), isAway, ...options })
  server.get('/d/:token', () => ({ ok: true }))
  server.post('/ipn/nowpayments', () => ({ ok: true }))
  server.get('/fails', ({ query }) => {
    const { with: what } = query as { with: string }
    throw what === 'refusal' ? new HttpError(409, 'session_open', 'One is open') : new Error(what)
  })
  t.after(() => server.close())
  return server
}

async function answerTo(server: FastifyInstance, method: 'GET' | 'POST' | 'DELETE', url: string, payload?: string) {
  const headers = payload === undefined ? {} : { 'content-type': 'application/json' }
  const {
    statusCode,
    body,
    headers: answered,
  } = await server.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) })
  return {
    status: statusCode,
    body: JSON.parse(body) as { error?: { code: string; message: string } },
    headers: answered,
  }
}

test('health says ok, and 503 when the service cannot do its work', async (t) => {
  let status: HealthReport['status'] = 'ok'
  const server = await aServer(t, { health: () => Promise.resolve(report(status)) })
  const ok = await answerTo(server, 'GET', '/health')
  assert.deepEqual([ok.status, ok.body], [200, report('ok')])
  status = 'degraded'
  assert.equal((await answerTo(server, 'GET', '/readyz')).status, 200)
  status = 'down'
  assert.equal((await answerTo(server, 'GET', '/health')).status, 503)
  assert.equal((await answerTo(server, 'GET', '/livez')).status, 200)
})

test('mistakes of a client are answered with stable codes and never with 500', async (t) => {
  const server = await aServer(t)
  const cases = [
    ['GET', '/nothing', undefined, 404, 'not_found'],
    ['POST', '/d/token', undefined, 405, 'method_not_allowed'],
    ['GET', '/ipn/nowpayments', undefined, 405, 'method_not_allowed'],
    ['DELETE', '/health', undefined, 405, 'method_not_allowed'],
    ['POST', '/ipn/nowpayments', '{"not json', 400, 'bad_request'],
    ['POST', '/ipn/nowpayments', JSON.stringify({ a: 'x'.repeat(70_000) }), 413, 'payload_too_large'],
    ['GET', '/%zz', undefined, 400, 'bad_request'],
    ['GET', '/fails?with=refusal', undefined, 409, 'session_open'],
  ] as const
  for (const [method, url, payload, status, code] of cases) {
    const answer = await answerTo(server, method, url, payload)
    assert.deepEqual([answer.status, answer.body.error?.code], [status, code], `${method} ${url}`)
    assert.equal(typeof answer.body.error?.message, 'string')
  }
  assert.equal((await answerTo(server, 'POST', '/d/token')).headers.allow, 'GET, HEAD')
})

test('what goes wrong inside is told without saying what, and asks to come back when it will pass', async (t) => {
  const server = await aServer(t)
  const broken = await answerTo(server, 'GET', '/fails?with=column%20secret%20missing')
  assert.deepEqual([broken.status, broken.body.error?.code], [500, 'internal'])
  assert.doesNotMatch(JSON.stringify(broken.body), /secret/)
  const away = await answerTo(server, 'GET', '/fails?with=away')
  assert.deepEqual([away.status, away.headers['retry-after']], [503, '5'])
})

test('every answer keeps other sites and guessing browsers out', async (t) => {
  const server = await aServer(t)
  for (const url of ['/health', '/nothing', '/fails?with=x']) {
    const { headers } = await answerTo(server, 'GET', url)
    assert.match(String(headers['content-security-policy']), /default-src 'self'.*frame-ancestors 'none'/)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['referrer-policy'], 'no-referrer')
  }
})

test('figures are for this machine, or for who has the token', async (t) => {
  const figures = new Figures('ipn')
  figures.gauge('comptoir_orders_waiting', 'Orders that wait', () => Promise.resolve([{ value: 3 }]))
  const server = await aServer(t, { metricsToken: 'a-token-of-16-letters', figures })
  const ask = (remoteAddress: string, headers = {}) => server.inject({ url: '/metrics', remoteAddress, headers })
  assert.equal((await ask('203.0.113.5')).statusCode, 401)
  assert.equal((await ask('203.0.113.5', { authorization: 'Bearer wrong-token-16-le' })).statusCode, 401)
  assert.equal((await ask('127.0.0.1', { 'x-forwarded-for': '127.0.0.1, 203.0.113.5' })).statusCode, 401)
  assert.equal((await ask('127.0.0.1')).statusCode, 200)
  const told = await ask('203.0.113.5', { authorization: 'Bearer a-token-of-16-letters' })
  assert.equal(told.statusCode, 200)
  assert.match(String(told.headers['content-type']), /^text\/plain; version=0\.0\.4/)
  for (const line of [
    'comptoir_up{service="ipn"} 1',
    'comptoir_check{check="database",service="ipn"} 1',
    'comptoir_orders_waiting{service="ipn"} 3',
  ]) {
    assert.ok(told.body.split('\n').includes(line), `${line} in ${told.body}`)
  }
  const open = await aServer(t)
  assert.equal((await open.inject({ url: '/metrics', remoteAddress: '127.0.0.1' })).statusCode, 200)
  assert.equal((await open.inject({ url: '/metrics', remoteAddress: '10.0.0.9' })).statusCode, 401)
})

test('a port in use is told in one line', async (t) => {
  const taken = createTcpServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.after(() => taken.close())
  const { port } = taken.address() as { port: number }
  await assert.rejects(listen(await aServer(t), { host: '127.0.0.1', port }), (error) => {
    assert.ok(error instanceof OperatorError)
    assert.equal(
      error.message,
      `Cannot listen on 127.0.0.1 port ${port}: another program already does; stop it or set PORT`,
    )
    return true
  })
})

test('a server that closes loses no request of a client that keeps its connection', async (t) => {
  const server = await aServer(t)
  const port = await listen(server, { host: '127.0.0.1', port: 0 })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.after(() => {
    agent.destroy()
  })
  assert.deepEqual(await get(agent, port), { status: 200, connection: 'keep-alive' })
  const closed = server.close()
  const during = await get(agent, port)
  assert.deepEqual(during, { status: 200, connection: 'close' })
  await closed
})

async function get(
  agent: Agent,
  port: number,
): Promise<{ status: number | undefined; connection: string | undefined }> {
  const asked = request({ host: '127.0.0.1', port, path: '/livez', agent }).end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
  return { status: response.statusCode, connection: response.headers.connection }
}
