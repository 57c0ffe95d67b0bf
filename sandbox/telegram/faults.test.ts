import assert from 'node:assert/strict'
import { test } from 'node:test'
import { VirtualClock } from './clock.ts'
import { Faults } from './faults.ts'
import { startScene, testToken } from './testing.ts'

test('too many requests comes with a wait, in the body and in the header', async (t) => {
  const { emulator, say } = await startScene(t)
  emulator.faults.add({ kind: 'retry_after', seconds: 3, method: 'sendMessage', count: 1 })
  const refused = await say('sendMessage', { text: 'x' })
  assert.deepEqual(
    [refused.status, refused.description, refused.retryAfter],
    [429, 'Too Many Requests: retry after 3', '3'],
  )
})

test('a bot that does not wait is refused again and noted', async (t) => {
  const clock = new VirtualClock()
  const { emulator, say, call } = await startScene(t, { clock })
  emulator.faults.add({ kind: 'retry_after', seconds: 3, method: 'send*', count: 1 })
  await say('sendMessage', { text: 'x' })
  clock.advance(1000)
  assert.equal((await say('sendChatAction', { action: 'typing' })).description, 'Too Many Requests: retry after 2')
  assert.equal((await call('getUpdates', { offset: 7 })).ok, true, 'polling goes on')
  assert.deepEqual(emulator.faults.violations, [{ token: testToken, method: 'sendchataction', tooEarlyMs: 2000 }])
  clock.advance(2000)
  assert.equal((await say('sendMessage', { text: 'x' })).ok, true)
  assert.equal(emulator.faults.retryAfterViolations, 1)
})

test('server errors come as JSON or as a page', async (t) => {
  const { emulator, say } = await startScene(t)
  emulator.faults.add({ kind: 'error', count: 1 })
  const json = await say('sendMessage', { text: 'x' })
  assert.deepEqual([json.status, json.description], [500, 'Internal Server Error: restart'])
  emulator.faults.add({ kind: 'error', status: 502, body: 'html', count: 1 })
  const page = await fetch(`${emulator.url}/bot${testToken}/getMe`)
  assert.deepEqual([page.status, page.headers.get('content-type')], [502, 'text/html'])
  await page.text()
})

test('a connection is dropped before the work or after it', async (t) => {
  const { emulator, person, say } = await startScene(t)
  emulator.faults.add({ kind: 'drop', count: 1 })
  await assert.rejects(say('sendMessage', { text: 'never sent' }))
  emulator.faults.add({ kind: 'drop', after: true, count: 1 })
  await assert.rejects(say('sendMessage', { text: 'sent, but who knows' }))
  assert.deepEqual(
    person.chat().messages.map(({ text }) => text),
    ['/start', 'sent, but who knows'],
  )
})

test('a hang lasts until the caller gives up', async (t) => {
  const { emulator, person } = await startScene(t)
  emulator.faults.add({ kind: 'hang', after: true, count: 1 })
  const url = `${emulator.url}/bot${testToken}/sendMessage?chat_id=${person.id}&text=x`
  const gone = new AbortController()
  const call = fetch(url, { signal: gone.signal })
  await person.waitForMessage(({ text }) => text === 'x')
  gone.abort()
  await assert.rejects(call)
})

test('a slow answer is slow, and then the real one', async (t) => {
  const { emulator, say } = await startScene(t)
  emulator.faults.add({ kind: 'slow', ms: 60, count: 1 })
  const start = performance.now()
  assert.equal((await say('sendMessage', { text: 'x' })).ok, true)
  assert.ok(performance.now() - start >= 55)
})

test('the same seed brings the same luck', () => {
  const run = (seed: number) => {
    const faults = new Faults(new VirtualClock())
    faults.seed(seed)
    faults.add({ kind: 'error', probability: 0.5 })
    return Array.from({ length: 64 }, () => (faults.strike('t', 'getme') === undefined ? '.' : 'x')).join('')
  }
  assert.equal(run(7), run(7))
  assert.notEqual(run(7), run(8))
  const strikes = run(7).replaceAll('.', '').length
  assert.ok(strikes > 16 && strikes < 48)
})

test('faults are ordered, shown and ended over HTTP', async (t) => {
  const { emulator, say } = await startScene(t)
  const request = async (method: string, path: string, body?: object) => {
    const init =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const response = await fetch(`${emulator.url}${path}`, { method, ...init })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const added = await request('POST', '/faults', { kind: 'error', method: 'sendMessage' })
  assert.equal(added.status, 201)
  assert.equal((await say('sendMessage', { text: 'x' })).status, 500)
  const shown = await request('GET', '/faults')
  assert.equal((shown.body['faults'] as { struck: number }[])[0]?.struck, 1)
  assert.equal(shown.body['retry_after_violations'], 0)
  assert.equal((await request('POST', '/faults', { kind: 'earthquake' })).status, 400)
  await request('DELETE', '/faults')
  assert.equal((await say('sendMessage', { text: 'x' })).ok, true)
})

test('the message that is one too many in a second is refused, and everything for the next', () => {
  const clock = new VirtualClock()
  const faults = new Faults(clock)
  faults.limitRate({ method: 'sendMessage', perSecond: 30 })
  for (let number = 0; number < 30; number++) assert.equal(faults.strike('t', 'sendmessage'), undefined)
  assert.equal(faults.strike('another bot', 'sendmessage'), undefined)
  assert.equal(faults.strike('t', 'editmessagemedia'), undefined)
  assert.deepEqual(faults.strike('t', 'sendmessage'), { kind: 'retry_after', seconds: 1 })
  assert.equal(faults.strike('t', 'editmessagemedia')?.kind, 'retry_after')
  assert.equal(faults.tooMany, 1)
  clock.advance(1_001)
  assert.equal(faults.strike('t', 'sendmessage'), undefined)
})
