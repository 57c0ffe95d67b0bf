import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import pino from 'pino'
import { anAnsweringServer } from '../testing/answering-server.ts'
import { openTelegram } from './client.ts'
import { isRefused } from './errors.ts'

const token = '123456789:AAE-secret_secret_secret_secret_sec'
const content = randomBytes(300_000)

async function aDownload(t: TestContext, filePath: string, answer: (response: ServerResponse) => void) {
  const folder = await mkdtemp(join(tmpdir(), 'download-'))
  const paths: string[] = []
  const { origin } = await anAnsweringServer(t, (request, response) => {
    paths.push(request.url ?? '')
    if (request.url?.endsWith('/getFile') === true) {
      response.end(JSON.stringify({ ok: true, result: { file_path: filePath } }))
    } else answer(response)
  })
  const telegram = openTelegram({ apiRoot: `${origin}/base`, token, log: pino({ level: 'silent' }) })
  t.after(async () => {
    await telegram.close()
    await rm(folder, { recursive: true })
  })
  const path = join(folder, 'file')
  return { path, paths, bring: (maxBytes = 400_000) => telegram.download('AgAD', path, { maxBytes }) }
}

test('brings a file a person sent, with its size and hash', async (t) => {
  const { bring, path, paths } = await aDownload(t, 'documents/file 7.pdf', (response) => response.end(content))
  const sha256 = createHash('sha256').update(content).digest('hex')
  assert.deepEqual(await bring(), { sizeBytes: 300_000n, sha256 })
  assert.ok((await readFile(path)).equals(content))
  assert.equal(paths[1], `/base/file/bot${token}/documents/file%207.pdf`)
})

test('keeps nothing of a file that is too large or arrives cut', async (t) => {
  const whole = await aDownload(t, 'documents/a', (response) => response.end(content))
  await assert.rejects(whole.bring(1000), (error) => isRefused(error, 'too large'))
  assert.equal(existsSync(whole.path), false)

  const cut = await aDownload(t, 'documents/a', (response) => {
    response.writeHead(200, { 'content-length': content.length })
    response.write(content.subarray(0, 1000), () => response.destroy())
  })
  await assert.rejects(cut.bring(), { name: 'TelegramUnreachable' })
  assert.equal(existsSync(cut.path), false)
})

test('tells a file that Telegram no longer has from Telegram being away', async (t) => {
  const gone = await aDownload(t, 'documents/a', (response) => response.writeHead(404).end())
  await assert.rejects(gone.bring(), (error) => isRefused(error, 'file refused'))
  const away = await aDownload(t, 'documents/a', (response) => response.writeHead(502).end('<html>'))
  await assert.rejects(away.bring(), { name: 'TelegramUnreachable' })
})

test('asks only for files of the bot', async (t) => {
  for (const path of ['../../etc/passwd', '/etc/passwd', 'a/../../b', 'documents/a?x=1']) {
    const { bring, paths } = await aDownload(t, path, (response) => response.end(content))
    await assert.rejects(bring())
    assert.equal(paths.length, 1)
  }
})
