import { mkdir, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { failpoint } from '../../shared/runtime/failpoint.ts'
import { RetryLater } from '../../shared/messaging/retry-later.ts'
import { type ObjectStore, type StoredObject } from '../../shared/storage/object-store.ts'
import { type Telegram } from '../../shared/telegram/client.ts'
import { isRefused } from '../../shared/telegram/errors.ts'

export type FetchDeps = {
  readonly bucket: Pick<ObjectStore, 'put'>
  readonly telegram: Pick<Telegram, 'download'>
  readonly temporaryDir: string
}

export type FileInChat = {
  readonly id: string
  readonly attempt: number
  readonly telegramFileId: string
  readonly objectKey: string
  readonly contentType: string
  readonly sizeBytes: bigint
}

export type Fetched =
  | { readonly kind: 'stored'; readonly object: StoredObject }
  | { readonly kind: 'refused'; readonly reason: 'gone from Telegram' | 'damaged on the way' }

const spareBytes = 1_073_741_824n
const fullDiskPauseMs = 60_000

/** Brings a file from the chat into the bucket, by way of a temporary file that is never left behind on purpose. */
export async function fetchChatFile(deps: FetchDeps, file: FileInChat, signal: AbortSignal): Promise<Fetched> {
  await mkdir(deps.temporaryDir, { recursive: true })
  await expectRoom(deps.temporaryDir, file.sizeBytes)
  const path = join(deps.temporaryDir, `${file.id}-${file.attempt}.part`)
  try {
    const sizeBytes = Number(file.sizeBytes)
    const found = await deps.telegram.download(file.telegramFileId, path, { maxBytes: sizeBytes, signal })
    if (found.sizeBytes !== file.sizeBytes) return { kind: 'refused', reason: 'damaged on the way' }
    await failpoint('media.file-fetched')
    const object = await deps.bucket.put(file.objectKey, { path, sizeBytes }, { contentType: file.contentType, signal })
    if (object.sha256 !== found.sha256) throw new Error('Expected the bytes Telegram gave, found others on the disk')
    return { kind: 'stored', object }
  } catch (error) {
    if (isRefused(error, 'file refused')) return { kind: 'refused', reason: 'gone from Telegram' }
    if (isRefused(error, 'too large')) return { kind: 'refused', reason: 'damaged on the way' }
    throw error
  } finally {
    await rm(path, { force: true })
  }
}

/** Waits until the operator made room. */
export class DiskFull extends RetryLater {
  readonly reason: string

  constructor(reason: string) {
    super(fullDiskPauseMs, reason)
    this.reason = reason
  }
}

/** The file and a gigabyte besides, or it waits: a full disk would stop everything else on it. */
export async function expectRoom(folder: string, bytes: bigint): Promise<void> {
  const { bavail, bsize } = await statfs(folder, { bigint: true })
  if (bavail * bsize >= bytes + spareBytes) return
  throw new DiskFull(`the disk of ${folder} has no room for ${bytes} bytes and a gigabyte besides`)
}
