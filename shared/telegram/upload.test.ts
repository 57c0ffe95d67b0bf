import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import pino from 'pino'
import { anAnsweringServer, aRawServer, hear } from '../testing/answering-server.ts'
import { openTelegram, type Telegram } from './client.ts'
import { isRefused, TelegramBusy } from './errors.ts'
import { type UploadFile } from './multipart.ts'
import { type Upload } from './upload.ts'

const token = '123456789:AAE-secret_secret_secret_secret_sec'
const megabyte = 1024 * 1024

function aTelegram(t: TestContext, apiRoot: string): Telegram {
  const telegram = openTelegram({ apiRoot, token, log: pino({ level: 'silent' }) })
  t.after(() => telegram.close())
  return telegram
}

async function aFile(t: TestContext, content: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'upload-'))
  t.after(() => rm(folder, { recursive: true }))
  const path = join(folder, 'file')
  await writeFile(path, content)
  return path
}

const aDocument = (source: UploadFile['source'], name = 'Été.pdf'): Upload => ({
  method: 'sendDocument',
  params: { chat_id: 42n, reply_parameters: { message_id: 7 }, caption: 'Voilà "tout"' },
  files: { document: { name, contentType: 'application/pdf', source } },
})

const ok = (response: ServerResponse, result: unknown = true): void => {
  response.end(JSON.stringify({ ok: true, result }))
}

type Part = { readonly name: string; readonly type: string; readonly content: Buffer }

/** Reads a form with the parser of the platform, which is not ours. */
async function readForm(request: IncomingMessage): Promise<Map<string, Part>> {
  const { body, headers } = await hear(request)
  assert.equal(headers['content-length'], String(body.length))
  const answer = new Response(new Uint8Array(body), { headers: { 'content-type': headers['content-type'] ?? '' } })
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- not meant for servers, but right for a small test
  const form = await answer.formData()
  const parts = new Map<string, Part>()
  for (const [field, value] of form) {
    const { name, type } = typeof value === 'string' ? { name: '', type: '' } : value
    parts.set(field, { name, type, content: Buffer.from(await new Response(value).arrayBuffer()) })
  }
  return parts
}

const textOf = (form: Map<string, Part> | undefined, field: string): string =>
  form?.get(field)?.content.toString() ?? ''

test('sends a file from the disk byte by byte, with its name and its parameters', async (t) => {
  const content = randomBytes(3 * megabyte + 17)
  const forms: Map<string, Part>[] = []
  const { origin } = await anAnsweringServer(t, async (request, response) => {
    forms.push(await readForm(request))
    ok(response, { message_id: 1 })
  })
  const result = await aTelegram(t, origin).upload(aDocument({ path: await aFile(t, content) }, '日本 "a"\r\nb.pdf'))
  assert.deepEqual(result, { message_id: 1 })
  const [form] = forms
  const file = form?.get('document')
  assert.equal(file?.name, '日本 _a_ b.pdf')
  assert.equal(file.type, 'application/pdf')
  assert.ok(file.content.equals(content))
  assert.equal(textOf(form, 'chat_id'), '42')
  assert.equal(textOf(form, 'caption'), 'Voilà "tout"')
  assert.equal(textOf(form, 'reply_parameters'), '{"message_id":7}')
})

test('puts several files into one edit, each under the name its parameters refer to', async (t) => {
  const forms: Map<string, Part>[] = []
  const { origin } = await anAnsweringServer(t, async (request, response) => {
    forms.push(await readForm(request))
    ok(response)
  })
  await aTelegram(t, origin).upload({
    method: 'editMessageMedia',
    params: { media: { type: 'document', media: 'attach://file', thumbnail: 'attach://thumb' } },
    files: {
      file: { name: 'a.zip', contentType: 'application/zip', source: { bytes: Buffer.from('zip') } },
      thumb: { name: 't.jpg', contentType: 'x\r\nevil: header', source: { bytes: Buffer.from('jpeg') } },
    },
  })
  const [form] = forms
  assert.deepEqual([textOf(form, 'file'), textOf(form, 'thumb')], ['zip', 'jpeg'])
  assert.equal(form?.get('thumb')?.type, 'application/octet-stream')
  assert.deepEqual(JSON.parse(textOf(form, 'media')), {
    type: 'document',
    media: 'attach://file',
    thumbnail: 'attach://thumb',
  })
})

test('refuses to send an empty file, or one that changed on the way', async (t) => {
  const changed = Promise.withResolvers<undefined>()
  const { origin } = await anAnsweringServer(t, async (request, response) => {
    await changed.promise
    await hear(request)
    ok(response)
  })
  const telegram = aTelegram(t, origin)
  await assert.rejects(telegram.upload(aDocument({ bytes: new Uint8Array(0) })), /content, got an empty one/)
  const path = await aFile(t, randomBytes(40 * megabyte))
  const shrink = async () => {
    await truncate(path, 39 * megabyte)
    changed.resolve(undefined)
  }
  const upload = { ...aDocument({ path }), onProgress: shrink, progressEveryMs: 1 }
  await assert.rejects(telegram.upload(upload), /Could not read what was to be sent/)
})

test('takes a refusal that comes before the file was sent, without sending it', async (t) => {
  const path = await aFile(t, randomBytes(20 * megabyte))
  let received = 0
  const origin = await aRawServer(t, (socket) => {
    socket.on('data', (chunk) => (received += chunk.length))
    socket.once('data', () => socket.end('HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'))
  })
  await assert.rejects(aTelegram(t, origin).upload(aDocument({ path })), (error) => isRefused(error, 'too large'))
  assert.ok(received < megabyte, `${received} bytes were sent`)
})

test('takes a refusal from a server that reads on and then hangs up', async (t) => {
  const path = await aFile(t, randomBytes(20 * megabyte))
  const origin = await aRawServer(t, (socket) => {
    socket.write('HTTP/1.1 100 Continue\r\n\r\n')
    let read = 0
    socket.on('data', (chunk) => {
      read += chunk.length
      if (read < 2 * megabyte) return
      socket.pause()
      socket.write('HTTP/1.1 429 Slow down\r\nRetry-After: 60\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    })
  })
  await assert.rejects(
    aTelegram(t, origin).upload(aDocument({ path })),
    (error) => error instanceof TelegramBusy && error.retryAfterMs > 59_000,
  )
})

test('sends to a server that never says continue', async (t) => {
  const answer = '{"ok":true,"result":"taken"}'
  const origin = await aRawServer(t, (socket) => {
    let seen = ''
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1')
      if (seen.endsWith('--\r\n')) socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${answer.length}\r\n\r\n${answer}`)
    })
  })
  assert.equal(await aTelegram(t, origin).upload(aDocument({ bytes: Buffer.from('x') })), 'taken')
})

test('survives a connection that breaks anywhere in the file', async (t) => {
  const path = await aFile(t, randomBytes(4 * megabyte))
  let stopAt = 1
  const origin = await aRawServer(t, (socket) => {
    let read = 0
    socket.on('data', (chunk) => {
      socket.write('HTTP/1.1 100 Continue\r\n\r\n')
      read += chunk.length
      if (read >= stopAt) socket.resetAndDestroy()
    })
  })
  const telegram = aTelegram(t, origin)
  for (stopAt of [1, 500, 100_000, megabyte, 3 * megabyte]) {
    await assert.rejects(telegram.upload(aDocument({ path })), { name: 'TelegramUnreachable', outcome: 'unknown' })
  }
})

test('sends at most four files at once, in the order they were asked for', async (t) => {
  let [atOnce, most] = [0, 0]
  const held: ServerResponse[] = []
  const { origin } = await anAnsweringServer(t, async (request, response) => {
    most = Math.max(most, (atOnce += 1))
    await hear(request)
    held.push(response)
    if (held.length === 4) for (const one of held.splice(0)) answer(one)
  })
  const answer = (response: ServerResponse) => {
    atOnce -= 1
    ok(response)
  }
  const telegram = aTelegram(t, origin)
  await Promise.all(Array.from({ length: 8 }, () => telegram.upload(aDocument({ bytes: Buffer.from('file') }))))
  assert.equal(most, 4)
})

test('keeps its sender informed while it lasts, and ends when the sender objects', async (t) => {
  const path = await aFile(t, randomBytes(8 * megabyte))
  const { origin } = await anAnsweringServer(t, async (request) => {
    request.resume()
    await once(request, 'end')
  })
  const seen: number[] = []
  const onProgress = (sent: number, total: number): void => {
    seen.push(sent / total)
    if (seen.length === 3) throw new Error('the lease is lost')
  }
  const upload = { ...aDocument({ path }), onProgress, progressEveryMs: 20 }
  await assert.rejects(aTelegram(t, origin).upload(upload), /the lease is lost/)
  assert.equal(seen.length, 3)
  assert.ok(seen.every((share) => share >= 0 && share <= 1))
})

test('stays small while it sends 48 MB to a slow receiver', async (t) => {
  const path = await aFile(t, randomBytes(48 * megabyte))
  const totals: number[] = []
  const { origin } = await anAnsweringServer(t, async (request, response) => {
    let total = 0
    for await (const chunk of request as AsyncIterable<Uint8Array>) {
      total += chunk.length
      if (total % 16 === 0) await new Promise(setImmediate)
    }
    totals.push(total)
    ok(response)
  })
  const before = process.memoryUsage().rss
  let most = before
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5)
  await aTelegram(t, origin).upload(aDocument({ path }))
  clearInterval(watch)
  assert.ok((totals[0] ?? 0) > 48 * megabyte)
  assert.ok(most - before < 64 * megabyte, `grew by ${Math.round((most - before) / megabyte)} MB`)
})
