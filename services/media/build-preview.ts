import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Logger } from 'pino'
import { type ClaimedFile } from '../../shared/db/verify-files.ts'
import { extensionOf } from '../../shared/domain/file-rules.ts'
import { type Preview, previewKey } from '../../shared/domain/preview.ts'
import { Slots } from '../../shared/messaging/slots.ts'
import { type ObjectStore } from '../../shared/storage/object-store.ts'
import { expectRoom } from './fetch-chat-file.ts'
import { type PageTool, type PreviewPicture, renderPagePreview, renderPicturePreview } from './render-preview.ts'
import { type ZipEntry } from './zip-directory.ts'

export type PreviewDeps = {
  readonly bucket: Pick<ObjectStore, 'download' | 'put'>
  readonly log: Logger
  readonly temporaryDir: string
  readonly pageTool: PageTool | undefined
}

const mostBytes = 209_715_200n
const shownEntries = 10
const longestName = 200
const pictures: ReadonlySet<string> = new Set(['jpg', 'jpeg', 'png', 'webp', 'gif', 'tif', 'tiff'])
const oneAtATime = new Slots(1)

/** What may be seen of a verified file, or nothing: a preview that fails is no reason to keep a file from being sold. */
export async function buildPreview(
  deps: PreviewDeps,
  file: ClaimedFile & { readonly verifiedSha256: string },
  entries: readonly ZipEntry[] | undefined,
  signal: AbortSignal,
): Promise<Preview | null> {
  const extension = extensionOf(file.fileName) ?? ''
  if (extension === 'zip' && entries !== undefined) return listOf(entries)
  const render = rendererOf(deps, extension)
  if (render === undefined || file.sizeBytes > mostBytes) return null
  try {
    return await oneAtATime.run(() => pictureOf(deps, file, render, signal))
  } catch (err) {
    deps.log.info({ err, fileId: file.id, reason: 'media.limit' }, 'a file gets no preview')
    return null
  }
}

type Renderer = (path: string) => Promise<PreviewPicture>

function rendererOf({ pageTool }: PreviewDeps, extension: string): Renderer | undefined {
  if (pictures.has(extension)) return renderPicturePreview
  return extension === 'pdf' && pageTool !== undefined ? (path) => renderPagePreview(pageTool, path) : undefined
}

function listOf(entries: readonly ZipEntry[]): Preview | null {
  const files = entries.filter(({ isFolder }) => !isFolder)
  if (files.length === 0) return null
  const shown = files.slice(0, shownEntries).map(({ name, sizeBytes }) => ({
    name: Array.from(name.toWellFormed()).slice(0, longestName).join(''),
    sizeBytes: Number(sizeBytes),
  }))
  return { kind: 'list', entries: shown, more: files.length - shown.length }
}

async function pictureOf(
  { bucket, temporaryDir }: PreviewDeps,
  file: ClaimedFile & { readonly verifiedSha256: string },
  render: Renderer,
  signal: AbortSignal,
): Promise<Preview> {
  await mkdir(temporaryDir, { recursive: true })
  await expectRoom(temporaryDir, file.sizeBytes)
  const path = join(temporaryDir, `${file.id}-${file.attempt}.preview`)
  try {
    const expected = { sizeBytes: Number(file.sizeBytes), sha256: file.verifiedSha256 }
    await bucket.download(file.objectKey, path, expected, { signal })
    const { bytes, width, height } = await render(path)
    const key = previewKey(file.objectKey)
    const { sha256, sizeBytes } = await bucket.put(key, bytes, { contentType: 'image/jpeg', signal })
    return { kind: 'picture', key, sha256, sizeBytes, width, height }
  } finally {
    await rm(path, { force: true })
  }
}
