import { randomBytes, randomUUID } from 'node:crypto'
import { type Logger } from 'pino'
import { checkUploads } from '../../shared/storage/check-uploads.ts'
import { bucketOrigin, type ObjectStore, openObjectStore } from '../../shared/storage/object-store.ts'
import { type Finding, ok, reasonOf, warning, wrong } from './finding.ts'
import { type Settings } from './read-settings.ts'

const patience = { connectMs: 5_000, answerMs: 10_000, callMs: 15_000, idleMs: 10_000 }
const checkKeys = 'check B2_ENDPOINT, B2_BUCKET_NAME, B2_KEY_ID and B2_APPLICATION_KEY'

/** Puts one small object, reads it, looks whether a stranger could, and deletes it. */
export async function checkBucket({ storage, publicUrl }: Settings, log: Logger): Promise<Finding[]> {
  if (storage === undefined) return []
  const store = openObjectStore(storage, log, patience)
  try {
    const state = await store.checkBucket()
    if (state.kind !== 'ok') return [wrong('bucket', state.says, checkKeys)]
    const strangers = bucketOrigin(storage) + (storage.forcePathStyle ? `/${storage.bucket}` : '')
    return [...(await tryObject(store, strangers)), ...(await tryUploads(store, publicUrl))]
  } finally {
    store.close()
  }
}

async function tryObject(store: ObjectStore, strangers: string): Promise<Finding[]> {
  const key = `checks/${randomUUID()}`
  const bytes = randomBytes(32)
  try {
    const stored = await store.put(key, bytes, { contentType: 'application/octet-stream' })
    try {
      await store.get(key, stored)
      return [ok('bucket', 'objects can be written, read and deleted'), await tryAsStranger(`${strangers}/${key}`)]
    } finally {
      await store.remove(key)
    }
  } catch (error) {
    return [wrong('bucket', reasonOf(error), 'give the key the rights to list, read, write and delete in this bucket')]
  }
}

async function tryAsStranger(url: string): Promise<Finding> {
  try {
    const { status, body } = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000) })
    await body?.cancel()
    if (status >= 400 && status < 500) return ok('bucket', 'strangers are refused')
    const says = `the bucket gives its files to anybody (${status} without a signature)`
    return wrong('bucket', says, 'make it private, at once: everything that is sold lies in it')
  } catch (error) {
    return wrong(
      'bucket',
      `the bucket does not answer strangers: ${reasonOf(error)}`,
      'check B2_ENDPOINT and S3_FORCE_PATH_STYLE',
    )
  }
}

async function tryUploads(store: ObjectStore, publicUrl: string | undefined): Promise<Finding[]> {
  if (publicUrl === undefined) return []
  try {
    const { kind, says } = await checkUploads(store, new URL(publicUrl).origin)
    if (kind === 'ok') return [ok('bucket', says)]
    const todo = 'set the CORS rules of the bucket as the README shows'
    return [kind === 'refused' ? wrong('bucket', says, todo) : warning('bucket', says, todo)]
  } catch (error) {
    return [wrong('bucket', `uploads in parts cannot be tried: ${reasonOf(error)}`, 'give the key the right to write')]
  }
}
