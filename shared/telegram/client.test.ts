import assert from 'node:assert/strict'
import { type IncomingMessage, type ServerResponse } from 'node:http'
import { test, type TestContext } from 'node:test'
import { inspect } from 'node:util'
import pino from 'pino'
import { anAnsweringServer, aRawServer, hear, type Heard } from '../testing/answering-server.ts'
import { openTelegram, type Telegram } from './client.ts'
import { isRefused, TelegramBusy, TelegramRefused, TelegramUnreachable } from './errors.ts'

const token = '123456789:AAE-secret_secret_secret_secret_sec'
const silent = pino({ level: 'silent' })

function aTelegram(t: TestContext, apiRoot: string, log = silent): Telegram {
  const telegram = openTelegram({ apiRoot, token, log })
  t.after(() => telegram.close())
  return telegram
}

function say(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
}

const ok = (response: ServerResponse, result: unknown = true): void => {
  say(response, 200, { ok: true, result })
}

const methodOf = (request: IncomingMessage): string => request.url?.split('/').at(-1) ?? ''

test('reaches Telegram under any root, with or without a path and a slash at its end', async (t) => {
  const { origin } = await anAnsweringServer(t, (request, response) => {
    ok(response, request.url)
  })
  for (const [root, path] of [
    ['', ''],
    ['/', ''],
    ['/some/base', '/some/base'],
    ['/some/base/', '/some/base'],
  ]) {
    assert.equal(await aTelegram(t, `${origin}${root}`).call('getMe'), `${path}/bot${token}/getMe`)
  }
})

test('leaves out what has no value and writes big ids as numbers', async (t) => {
  const heard: Heard[] = []
  const { origin } = await anAnsweringServer(t, async (request, response) => {
    heard.push(await hear(request))
    ok(response)
  })
  const params = { chat_id: 5_000_000_001n, text: 'été', parse_mode: null, reply_markup: undefined }
  await aTelegram(t, origin).call('sendMessage', params)
  assert.deepEqual(JSON.parse(heard[0]?.body.toString() ?? ''), { chat_id: 5_000_000_001, text: 'été' })
  assert.equal(heard[0]?.headers['content-length'], String(heard[0]?.body.length))
})

test('uses one connection for calls that follow each other', async (t) => {
  const server = await anAnsweringServer(t, (_request, response) => {
    ok(response)
  })
  const telegram = aTelegram(t, server.origin)
  for (let call = 0; call < 5; call += 1) await telegram.call('getMe')
  assert.equal(server.connections(), 1)
})

test('sends nothing at all while Telegram asks for a pause, then goes on', async (t) => {
  const times: number[] = []
  const { origin } = await anAnsweringServer(t, (_request, response) => {
    times.push(performance.now())
    if (times.length === 1) say(response, 429, { ok: false, error_code: 429, parameters: { retry_after: 1 } })
    else ok(response)
  })
  const telegram = aTelegram(t, origin)
  await telegram.call('sendMessage', { text: 'first' })
  const other = telegram.call('sendMessage', { text: 'other' })
  await other
  const [first = 0, ...later] = times
  assert.equal(later.length, 2)
  for (const time of later) assert.ok(time - first >= 1000, `sent after ${time - first} ms`)
})

test('holds back other calls during a pause that one of them was told about', async (t) => {
  let calls = 0
  const { origin } = await anAnsweringServer(t, (_request, response) => {
    calls += 1
    say(response, 429, '<html>slow down</html>', { 'retry-after': '30' })
  })
  const telegram = aTelegram(t, origin)
  await assert.rejects(telegram.call('sendMessage'), { name: 'TelegramBusy' })
  await assert.rejects(
    telegram.call('editMessageText', {}, { maxWaitMs: 0 }),
    (error) => error instanceof TelegramBusy && error.retryAfterMs > 29_000 && error.retryAfterMs <= 30_000,
  )
  assert.equal(calls, 1)
})

test('repeats an edit after a bad gateway, but never a message', async (t) => {
  const calls: string[] = []
  const { origin } = await anAnsweringServer(t, (request, response) => {
    calls.push(methodOf(request))
    if (calls.length < 3) say(response, 502, '<html>Bad Gateway</html>', { 'content-type': 'text/html' })
    else ok(response, 'edited')
  })
  const telegram = aTelegram(t, origin)
  await assert.rejects(
    telegram.call('sendMessage'),
    (error) => error instanceof TelegramUnreachable && error.outcome === 'unknown',
  )
  assert.equal(await telegram.call('editMessageText'), 'edited')
  assert.deepEqual(calls, ['sendMessage', 'editMessageText', 'editMessageText'])
})

test('gives up on a silent server in time, and asks it twice for what may be repeated', async (t) => {
  const calls: string[] = []
  const { origin } = await anAnsweringServer(t, (request) => {
    calls.push(methodOf(request))
  })
  const telegram = aTelegram(t, origin)
  const since = performance.now()
  await assert.rejects(telegram.call('sendPhoto', {}, { deadlineMs: 300 }), /No answer within 300 ms/)
  await assert.rejects(telegram.call('editMessageText', {}, { deadlineMs: 1600 }), { outcome: 'unknown' })
  assert.ok(performance.now() - since < 4000)
  assert.deepEqual(calls, ['sendPhoto', 'editMessageText', 'editMessageText'])
})

test('survives an answer that is cut at any byte', async (t) => {
  const body = JSON.stringify({ ok: true, result: { message_id: 7 } })
  const whole = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  let length = 0
  const origin = await aRawServer(t, (socket) => {
    socket.once('data', () => socket.end(whole.slice(0, length)))
  })
  const telegram = aTelegram(t, origin)
  for (; length < whole.length; length += 1) {
    await assert.rejects(telegram.call('sendMessage'), { name: 'TelegramUnreachable', outcome: 'unknown' })
  }
  assert.deepEqual(await telegram.call('sendMessage'), { message_id: 7 })
})

test('knows that nothing was sent when nobody listens', async (t) => {
  const telegram = aTelegram(t, 'http://127.0.0.1:1')
  await assert.rejects(telegram.call('sendMessage'), { name: 'TelegramUnreachable', outcome: 'not sent' })
})

test('does not follow a redirect to another server', async (t) => {
  const paths: string[] = []
  const elsewhere = await anAnsweringServer(t, (request, response) => {
    paths.push(request.url ?? '')
    ok(response)
  })
  const { origin } = await anAnsweringServer(t, (_request, response) => {
    say(response, 302, '', { location: `${elsewhere.origin}/stolen` })
  })
  await assert.rejects(aTelegram(t, origin).call('sendMessage'), { name: 'TelegramRefused', code: 302 })
  assert.deepEqual(paths, [])
})

test('throws a refusal at once, with its kind', async (t) => {
  let calls = 0
  const description = 'Bad Request: message is not modified: specified new message content is the same'
  const { origin } = await anAnsweringServer(t, (_request, response) => {
    calls += 1
    say(response, 400, { ok: false, error_code: 400, description })
  })
  await assert.rejects(aTelegram(t, origin).call('editMessageText'), (error) => isRefused(error, 'not modified'))
  assert.equal(calls, 1)
})

test('a server that does not know a method has not refused the token, unless it never knew the token', async (t) => {
  const { origin } = await anAnsweringServer(t, (request, response) => {
    if (methodOf(request) === 'getMe') ok(response)
    else say(response, 404, { ok: false, error_code: 404, description: 'Not Found' })
  })
  const refused: string[] = []
  const onTokenRefused = (error: Error): void => {
    refused.push(error.message)
  }
  const telegram = openTelegram({ apiRoot: origin, token, log: silent, onTokenRefused })
  t.after(() => telegram.close())
  await telegram.call('getMe')
  await assert.rejects(telegram.call('setMyCommands'), (error) => isRefused(error, 'other'))
  assert.deepEqual(refused, [])

  const stranger = openTelegram({ apiRoot: origin, token, log: silent, onTokenRefused })
  t.after(() => stranger.close())
  await assert.rejects(stranger.call('getUpdates'), (error) => isRefused(error, 'not authorised'))
  assert.equal(refused.length, 1)
})

test('ends at once, with its reason, when the caller or the client stops', async (t) => {
  const { origin } = await anAnsweringServer(t, () => undefined)
  const telegram = aTelegram(t, origin)
  const stopping = new AbortController()
  const polling = telegram.getUpdates(0, 50, stopping.signal)
  const waiting = telegram.call('sendMessage')
  stopping.abort(new Error('the service stops'))
  await assert.rejects(polling, /the service stops/)
  await Promise.all([assert.rejects(waiting, /client was closed/), telegram.close()])
  await assert.rejects(telegram.call('getMe'), /client was closed/)
})

test('never shows the token or what was sent, whatever goes wrong', async (t) => {
  const logged: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => logged.push(line) })
  let status = 0
  const { origin } = await anAnsweringServer(t, (request, response) => {
    if (status === 0) response.destroy()
    else say(response, status, { ok: false, error_code: status, description: `no such path: ${request.url ?? ''}` })
  })
  const telegrams = [aTelegram(t, origin, log), aTelegram(t, 'http://127.0.0.1:1', log)]
  for (status of [0, 400, 401, 404, 429, 500]) {
    for (const telegram of telegrams) {
      const call = telegram.call('editMessageText', { text: 'a very private text' }, { deadlineMs: 700, maxWaitMs: 0 })
      await assert.rejects(call, (error) => {
        logged.push(inspect(error, { depth: 10, showHidden: true }))
        return true
      })
    }
  }
  assert.ok(logged.length >= 12)
  assert.equal(logged.filter((text) => text.includes('AAE-secret') || text.includes('private')).join('\n'), '')
})

test('reads updates and refuses what are none', async (t) => {
  const results: unknown[] = [[{ update_id: 9, message: { text: 'hello' } }], [{ message: {} }]]
  const heard: Heard[] = []
  const { origin } = await anAnsweringServer(t, async (request, response) => {
    heard.push(await hear(request))
    ok(response, results.shift())
  })
  const telegram = aTelegram(t, origin)
  const [update] = await telegram.getUpdates(4n, 0, undefined, ['message'])
  assert.equal(update?.update_id, 9)
  assert.deepEqual(JSON.parse(heard[0]?.body.toString() ?? ''), { offset: 4, timeout: 0, allowed_updates: ['message'] })
  await assert.rejects(telegram.getUpdates(0, 0))
})

test('refuses to start with something that is no token', () => {
  assert.throws(() => openTelegram({ apiRoot: 'http://127.0.0.1', token: 'secret', log: silent }), /bot token/)
})

test('tells a refusal from an error that is not Telegrams', () => {
  assert.equal(isRefused(new TelegramRefused('sendMessage', 403, 'Forbidden: bot was blocked'), 'blocked'), true)
  assert.equal(isRefused(new TelegramRefused('sendMessage', 403, 'Forbidden: bot was blocked'), 'conflict'), false)
  assert.equal(isRefused(new Error('Forbidden'), 'blocked'), false)
})
