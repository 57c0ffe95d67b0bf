import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, suite, test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { chromium, type Page } from 'playwright-core'
import { findChromium } from '../../../scripts/find-chromium.ts'
import { until } from '../../../sandbox/infra/until.ts'
import { isDatabaseAway } from '../../../shared/db/pool.ts'
import { type ProductId } from '../../../shared/domain/ids.ts'
import { aBucket } from '../../../shared/testing/a-bucket.ts'
import { aDraftToFill } from '../../../shared/testing/an-upload.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { sha256Of } from '../../../shared/testing/upload-client.ts'
import { createServer } from '../../../shared/web/http-server.ts'
import { pageRoutes } from './page-routes.ts'
import { uploadRoutes } from './upload-routes.ts'

const browserPath = await findChromium()
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
const db = await createTestDatabase({ after })
const bucket = await aBucket({ after })
const log = pino({ enabled: false })
const partBytes = 5 * 1024 ** 2
const megabyte = 1024 ** 2

const server = await createServer({
  log,
  health: () => Promise.resolve({ status: 'ok', service: 'media', version: 'test', checks: {} }),
  isAway: isDatabaseAway,
})
uploadRoutes(server, { db, bucket: bucket.store, log, maxFileBytes: 1024 * megabyte, partBytes })
await pageRoutes(server, { db, bucketOrigin: bucket.running.endpoint })
const origin = await server.listen({ host: '127.0.0.1', port: 0 })
const folder = await mkdtemp(join(tmpdir(), 'comptoir-upload-'))
after(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

async function aFile(name: string, sizeBytes: number): Promise<{ path: string; bytes: Buffer }> {
  const [path, bytes] = [join(folder, name), randomBytes(sizeBytes)]
  await writeFile(path, bytes)
  return { path, bytes }
}

/** The page on a phone, opened by a link for a draft, on a line of so many bytes per second. */
async function openPage(t: TestContext, { uploadThroughput = -1 } = {}) {
  const draft = await aDraftToFill(db)
  const profile = await mkdtemp(join(tmpdir(), 'upload-page-'))
  const context = await chromium.launchPersistentContext(profile, {
    ...(browserPath === undefined ? {} : { executablePath: browserPath }),
    viewport: { width: 390, height: 844 },
    locale: 'fr-FR',
    args: flags,
  })
  context.setDefaultTimeout(20_000)
  t.after(async () => {
    await context.close()
    await rm(profile, { recursive: true, force: true })
  })
  const page = context.pages()[0] ?? (await context.newPage())
  const network = await context.newCDPSession(page)
  await network.send('Network.enable')
  await network.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput,
  })
  const complaints: string[] = []
  page.on('pageerror', ({ message }) => complaints.push(message))
  const sentParts: number[] = []
  page.on('requestfinished', (request) => {
    if (request.method() === 'PUT') sentParts.push(Number(new URL(request.url()).searchParams.get('partNumber')))
  })
  await page.goto(`${origin}/u#${draft.token}`)
  return { ...draft, context, page, complaints, sentParts }
}

const percentOf = async (page: Page): Promise<number> =>
  Number.parseInt((await page.locator('#percent').textContent()) ?? '', 10)

const reached = (page: Page, percent: number) =>
  until(async () => ((await percentOf(page)) >= percent ? true : undefined))

const received = (page: Page) => page.locator('.message.good', { hasText: 'you will be told in the chat' }).waitFor()

/** Which parts of the upload under way the bucket has. */
async function storedPartsOf(productId: ProductId): Promise<number[]> {
  for await (const upload of bucket.store.listMultiparts(`originals/${productId}/`)) {
    return (await bucket.store.listParts(upload)).map(({ number }) => number)
  }
  return assert.fail('no upload is under way')
}

async function assertStored(productId: ProductId, bytes: Buffer): Promise<void> {
  const { rows } = await db.query<{ key: string; sha256: string }>(
    `select object_key as "key", sha256 from product_files where product_id = $1 and state = 'verifying'`,
    [productId],
  )
  assert.deepEqual(
    rows.map(({ sha256 }) => sha256),
    [sha256Of(bytes)],
  )
  await bucket.store.get(rows[0]?.key ?? '', { sizeBytes: bytes.length, sha256: sha256Of(bytes) })
}

suite('the upload page', { skip: browserPath === undefined && 'there is no browser here' }, () => {
  test('a file whose sending was interrupted by a reload goes on where it stopped, and arrives byte for byte', async (t) => {
    const { page, productId, sentParts, complaints } = await openPage(t, { uploadThroughput: 12 * megabyte })
    const { path, bytes } = await aFile('Film.mp4', 33 * megabyte + 17)
    await page.getByText('Send the file of “A film”').waitFor()
    assert.equal(page.url(), `${origin}/u`, 'the key left the address')
    assert.equal(await page.evaluate('document.documentElement.lang'), 'en', "the seller's language, not the browser's")
    await page.getByLabel('Choose a file').setInputFiles(path)
    await reached(page, 70)
    page.once('dialog', (dialog) => void dialog.accept())
    await page.reload()
    await page.getByText('Choose the same file again').waitFor()
    const there = await storedPartsOf(productId)
    assert.ok(there.length > 0)
    sentParts.length = 0
    await page.getByLabel('Choose a file').setInputFiles(path)
    await received(page)
    const twice = sentParts.filter((number) => there.includes(number))
    assert.deepEqual(twice, [], 'what was there is not sent again')
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390)
    assert.deepEqual(complaints, [])
    await assertStored(productId, bytes)
  })

  test('a connection lost for seconds, requests cut in the middle and a pause cost nothing but time', async (t) => {
    const { page, context, productId } = await openPage(t, { uploadThroughput: 6 * megabyte })
    const { path, bytes } = await aFile('Live.mp3', 16 * megabyte)
    bucket.running.faults.inject({ kind: 'reset', on: 'put', prefix: `originals/${productId}/`, times: 3 })
    await page.getByLabel('Choose a file').setInputFiles(path)
    await reached(page, 10)
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText('Paused.').waitFor()
    await page.getByRole('button', { name: 'Resume' }).click()
    await reached(page, 40)
    await context.setOffline(true)
    await page.getByText('The connection is lost').waitFor()
    await context.setOffline(false)
    await received(page)
    await assertStored(productId, bytes)
  })

  test('a file that is refused, and one whose sending is cancelled, leave the page ready for another', async (t) => {
    const { page, productId } = await openPage(t, { uploadThroughput: 2 * megabyte })
    const input = page.getByLabel('Choose a file')
    await input.setInputFiles((await aFile('setup.exe', 10)).path)
    await page.getByText('Programs and scripts cannot be sold here').waitFor()
    await input.setInputFiles((await aFile('empty.pdf', 0)).path)
    await page.getByText('This file is empty').waitFor()
    await input.setInputFiles((await aFile('Long.mp4', 12 * megabyte)).path)
    await page.getByRole('button', { name: 'Cancel the sending' }).click()
    await page.getByRole('button', { name: 'Keep sending' }).click()
    await page.getByRole('button', { name: 'Cancel the sending' }).click()
    await page.getByRole('button', { name: 'Yes, cancel' }).click()
    await page.getByText('The sending was cancelled').waitFor()
    await input.setInputFiles((await aFile('Long.mp4', 12 * megabyte)).path)
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.reload()
    await page.getByText('Choose the same file again').waitFor()
    await input.setInputFiles((await aFile('Long.mp4', 12 * megabyte)).path)
    await page.getByText('This is not the file that was begun').waitFor()
    await page.reload()
    const { bytes, path } = await aFile('Short.pdf', 1_000)
    await input.setInputFiles(path)
    await received(page)
    await assertStored(productId, bytes)
  })

  test('a link that is no longer good, and a page without one, say what to do', async (t) => {
    const { page, token } = await openPage(t)
    await page.getByLabel('Choose a file').waitFor()
    await db.query(`update upload_links set expires_at = now() where token_hash = encode(sha256($1), 'hex')`, [
      Buffer.from(token),
    ])
    await page.reload()
    await page.getByText('Ce lien n’est plus valable').waitFor()
    assert.equal(await page.locator('#choose').isVisible(), false)
    await page.evaluate('sessionStorage.clear()')
    await page.goto(`${origin}/u`)
    await page.getByText('Cette page s’ouvre par un lien').waitFor()
  })
})
