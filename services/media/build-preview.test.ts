import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import PdfDocument from 'pdfkit'
import { pino } from 'pino'
import sharp from 'sharp'
import { type FileId, type ProductId } from '../../shared/domain/ids.ts'
import { aBucket } from '../../shared/testing/a-bucket.ts'
import { buildPreview } from './build-preview.ts'
import { findPageTool } from './render-preview.ts'

const bucket = await aBucket({ after })
const folder = await mkdtemp(join(tmpdir(), 'comptoir-preview-'))
after(() => rm(folder, { recursive: true }))
const pageTool = await findPageTool()
const signal = new AbortController().signal
const deps = { bucket: bucket.store, log: pino({ enabled: false }), temporaryDir: folder, pageTool }

let last = 0

/** A verified file of this name in the bucket, and what may be seen of it. */
async function previewOf(fileName: string, bytes: Buffer, tools = deps) {
  const id = `file-${(last += 1)}` as FileId
  const objectKey = `originals/product/${id}`
  const { sha256 } = await bucket.store.put(objectKey, bytes, { contentType: 'application/octet-stream' })
  const file = {
    id,
    productId: 'product' as string as ProductId,
    attempt: 1,
    state: 'verifying',
    source: 'chat',
    telegramFileId: null,
    objectKey,
    fileName,
    contentType: '',
    sizeBytes: BigInt(bytes.length),
    sha256,
    isOverdue: false,
    verifiedSha256: sha256,
  } as const
  const preview = await buildPreview(tools, file, undefined, signal)
  assert.deepEqual(await readdir(folder), [], 'nothing temporary stays')
  return preview
}

async function pictureIn(preview: Awaited<ReturnType<typeof previewOf>>) {
  assert.ok(preview?.kind === 'picture', JSON.stringify(preview))
  const bytes = await bucket.store.get(preview.key, preview)
  const { format, width, height } = await sharp(bytes).metadata()
  assert.deepEqual([format, width, height], ['jpeg', preview.width, preview.height])
  return { width, height, bytes }
}

function pdfOf(width: number, height: number): Promise<Buffer> {
  const pdf = new PdfDocument({ size: [width, height], margin: 0 })
  const pieces: Buffer[] = []
  pdf.on('data', (piece: Buffer) => pieces.push(piece))
  pdf.rect(0, 0, width, height).fill('#ff0000')
  pdf.addPage().rect(0, 0, width, height).fill('#0000ff')
  pdf.end()
  return new Promise((resolve) =>
    pdf.on('end', () => {
      resolve(Buffer.concat(pieces))
    }),
  )
}

const noTool = pageTool === undefined ? 'pdftoppm is not installed here' : false

test('of a document the first page is seen, 1280 pixels wide', { skip: noTool }, async () => {
  const { width, height, bytes } = await pictureIn(await previewOf('guide.pdf', await pdfOf(400, 600)))
  assert.deepEqual([width, height], [1_280, 1_920])
  const [red = 0, , blue = 255] = await sharp(bytes)
    .extract({ left: 600, top: 900, width: 1, height: 1 })
    .raw()
    .toBuffer()
  assert.ok(red > 200 && blue < 60, 'the first page is the red one')
})

const hostile: readonly (readonly [what: string, name: string, bytes: Buffer])[] = [
  ['a document that is not one', 'a.pdf', Buffer.from('%PDF-1.7\nnothing of it')],
  ['a page as tall as a mountain', 'a.pdf', await pdfOf(1, 14_000)],
  ['a picture that is not one', 'a.png', Buffer.from('89504e470d0a1a0a00', 'hex')],
  ['a film', 'a.mp4', Buffer.from('film')],
  ['a drawing', 'a.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
]

for (const [what, name, bytes] of hostile) {
  test(`${what} has no preview, and fails nothing`, async () => {
    assert.equal(await previewOf(name, bytes), null)
  })
}

test('without a tool for documents they have no preview', async () => {
  assert.equal(await previewOf('a.pdf', await pdfOf(100, 100), { ...deps, pageTool: undefined }), null)
})

test('a machine that cannot start a program at the moment makes no preview, and stays up', async (t) => {
  const path = process.env['PATH']
  t.after(() => (process.env['PATH'] = path))
  process.env['PATH'] = folder
  assert.equal(await previewOf('a.pdf', Buffer.from('%PDF-1.7'), { ...deps, pageTool: ['pdftoppm'] }), null)
})

test('a picture is seen smaller, upright, and without what the camera noted', async () => {
  const sent = await sharp({ create: { width: 3_000, height: 1_500, channels: 3, background: '#10B981' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  const { width, height, bytes } = await pictureIn(await previewOf('a.jpg', sent))
  assert.deepEqual([width, height], [1_280, 2_560])
  assert.equal((await sharp(bytes).metadata()).exif, undefined)
})

test('of an archive the first ten files are seen, and how many more there are', async () => {
  const entries = [
    { name: 'kit/', sizeBytes: 0n, isFolder: true },
    ...Array.from({ length: 12 }, (_, n) => ({ name: `kit/${n}.txt`, sizeBytes: BigInt(n), isFolder: false })),
  ]
  const file = { fileName: 'kit.zip', sizeBytes: 20n } as Parameters<typeof buildPreview>[1]
  const preview = await buildPreview(deps, file, entries, signal)
  assert.ok(preview?.kind === 'list')
  assert.deepEqual(
    [preview.entries.length, preview.entries[0], preview.more],
    [10, { name: 'kit/0.txt', sizeBytes: 0 }, 2],
  )
  assert.equal(await buildPreview(deps, file, entries.slice(0, 1), signal), null)
})
