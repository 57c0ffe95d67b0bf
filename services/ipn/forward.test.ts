import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type IncomingMessage, type ServerResponse } from 'node:http'
import { test, type TestContext } from 'node:test'
import { fastify } from 'fastify'
import { anAnsweringServer, hear } from '../../shared/testing/answering-server.ts'
import { forward } from './forward.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** The public port in front of one other service. */
async function aPublicPort(t: TestContext, answer: Answer): Promise<string> {
  const { origin } = await anAnsweringServer(t, answer)
  const away = 'http://127.0.0.1:1'
  const server = fastify({ bodyLimit: 65_536, trustProxy: ['loopback'] })
  await forward(server, { bot: origin, delivery: away, media: undefined, janitor: undefined })
  t.after(() => server.close())
  return server.listen({ host: '127.0.0.1', port: 0 })
}

test('a request for another service arrives there as it was sent, larger than our own limit too', async (t) => {
  const body = randomBytes(300_000)
  const port = await aPublicPort(t, async (request, response) => {
    const heard = await hear(request)
    assert.deepEqual(heard.body, body)
    assert.equal(heard.path, '/telegram/webhook?x=1')
    assert.equal(heard.headers['x-telegram-bot-api-secret-token'], 'secret')
    response.writeHead(418, { 'x-said': 'yes' }).end('tea')
  })
  const answer = await fetch(`${port}/telegram/webhook?x=1`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': 'secret' },
    body,
  })
  assert.deepEqual([answer.status, answer.headers.get('x-said'), await answer.text()], [418, 'yes', 'tea'])
})

test('while the other service is away the caller is told when to come back', async (t) => {
  const port = await aPublicPort(t, (_request, response) => void response.end())
  const answer = await fetch(`${port}/d/abc`)
  assert.equal(answer.status, 503)
  assert.equal(answer.headers.get('retry-after'), '5')
  assert.equal(((await answer.json()) as { error: { code: string } }).error.code, 'unavailable')
})

test('the public port knows no route of a service that is not there, and no other route', async (t) => {
  const port = await aPublicPort(t, (_request, response) => void response.end('inside'))
  for (const path of ['/u', '/api/uploads', '/static/a.js', '/metrics', '/telegramx', '/dx']) {
    assert.equal((await fetch(`${port}${path}`)).status, 404, path)
  }
})

test('the upload page, what it calls and what it is made of belong to media', async (t) => {
  const { origin } = await anAnsweringServer(t, async (request, response) => {
    const { path, headers, body } = await hear(request)
    response.end(`${path} ${headers.authorization ?? '-'} ${body.toString()}`)
  })
  const server = fastify()
  await forward(server, { bot: undefined, delivery: undefined, media: origin, janitor: undefined })
  t.after(() => server.close())
  const port = await server.listen({ host: '127.0.0.1', port: 0 })
  const says = async (path: string, init: RequestInit = {}) => (await fetch(`${port}${path}`, init)).text()
  const headers = { authorization: 'Bearer of-the-page', 'content-type': 'application/json' }
  assert.equal(await says('/u'), '/u - ')
  assert.equal(await says('/static/upload-1/page.js'), '/static/upload-1/page.js - ')
  assert.equal(
    await says('/api/uploads/1/complete', { method: 'POST', headers, body: '{"parts":[]}' }),
    '/api/uploads/1/complete Bearer of-the-page {"parts":[]}',
  )
  assert.equal(
    await says('/api/uploads/1', { method: 'DELETE', headers: { authorization: 'Bearer x' } }),
    '/api/uploads/1 Bearer x ',
  )
})

test('the other service sees the address of the caller', async (t) => {
  const port = await aPublicPort(t, (request, response) => void response.end(request.headers['x-forwarded-for']))
  assert.equal(
    await (await fetch(`${port}/telegram/x`, { headers: { 'x-forwarded-for': '203.0.113.9' } })).text(),
    '203.0.113.9',
  )
})

test('an answer is passed on while it is still being written', async (t) => {
  const firstHalf = Promise.withResolvers<undefined>()
  const port = await aPublicPort(t, async (_request, response) => {
    response.write('half ')
    await firstHalf.promise
    response.end('rest')
  })
  const { body } = await fetch(`${port}/telegram/slow`)
  const pieces: string[] = []
  for await (const piece of body ?? []) {
    pieces.push(Buffer.from(piece).toString())
    firstHalf.resolve(undefined)
  }
  assert.equal(pieces.join(''), 'half rest')
})
