import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { findQuota } from '../../../shared/db/quotas.ts'
import { findUploadLink } from '../../../shared/db/upload-links.ts'
import { findOpenUpload, findUploadSession, type UploadSession } from '../../../shared/db/upload-sessions.ts'
import { markCompleting } from '../../../shared/db/upload-steps.ts'
import { armFailpoints } from '../../../shared/runtime/failpoint.ts'
import { StorageUnavailable } from '../../../shared/storage/errors.ts'
import { type ObjectStore } from '../../../shared/storage/object-store.ts'
import { aBucket } from '../../../shared/testing/a-bucket.ts'
import { aProductOnSale } from '../../../shared/testing/a-shop.ts'
import { anUploadToken } from '../../../shared/testing/an-upload.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { sha256Of } from '../../../shared/testing/upload-client.ts'
import { hashToken } from '../../../shared/web/link-token.ts'
import { completeUpload } from './complete-upload.ts'
import { finishStuckUpload, finishUpload } from './finish-upload.ts'
import { openUpload } from './open-upload.ts'
import { signParts } from './sign-parts.ts'

const db = await createTestDatabase({ after })
// so that a test can say when an upload was touched last
await db.query(`alter table upload_sessions disable trigger upload_sessions_touched`)
const bucket = await aBucket({ after })
const deps = { db, bucket: bucket.store, log: pino({ enabled: false }), maxFileBytes: 1_000_000 }
const bytes = randomBytes(10_000)

/** An upload of one part, which is in the bucket. */
async function aSentUpload() {
  const product = await aProductOnSale(db)
  const token = await anUploadToken(db, { seller: product.seller, productId: product.id })
  const link = (await findUploadLink(db, hashToken(token))) ?? assert.fail('no link')
  const { id } = await openUpload(deps, link, { name: 'Film.mp4', sizeBytes: bytes.length })
  const session = await look(link, id)
  const [part] = await signParts(deps, session, [1])
  const answer = await fetch(part?.url ?? '', { method: 'PUT', body: new Uint8Array(bytes) })
  const parts = [{ number: 1, etag: (answer.headers.get('etag') ?? '').replaceAll('"', '') }]
  const completion = { id, parts, sha256: sha256Of(bytes) }
  return { product, link, session, completion, again: () => look(link, id) }
}

const look = async (link: Parameters<typeof findUploadSession>[1], id: string): Promise<UploadSession> =>
  (await findUploadSession(db, link, id)) ?? assert.fail('no upload')

const reserved = async ({ sellerId }: UploadSession): Promise<bigint | undefined> =>
  (await findQuota(db, sellerId))?.reservedBytes

async function assertReceived({ id, objectKey }: UploadSession): Promise<void> {
  const { rows } = await db.query<{ state: string; files: number }>(
    `select state, (select count(*)::int from product_files f where f.id = s.file_id and f.state = 'verifying') as files
       from upload_sessions s where id = $1`,
    [id],
  )
  assert.deepEqual(rows, [{ state: 'received', files: 1 }])
  await bucket.store.get(objectKey, { sizeBytes: bytes.length, sha256: sha256Of(bytes) })
}

const later = (ms: string) =>
  db.query(
    `update upload_sessions set updated_at = updated_at - interval '${ms}', last_part_at = last_part_at - interval '${ms}'`,
  )

/** A bucket whose caller dies right before or right after the parts are joined. */
const dying = (when: 'before' | 'after'): ObjectStore => ({
  ...bucket.store,
  completeMultipart: async (upload, parts) => {
    if (when === 'after') await bucket.store.completeMultipart(upload, parts)
    throw new Error('the process is gone')
  },
})

for (const when of ['before', 'after'] as const) {
  test(`a copy that dies ${when} it joins the parts leaves an upload that the page completes by asking again`, async () => {
    const { link, session, completion } = await aSentUpload()
    await assert.rejects(completeUpload({ ...deps, bucket: dying(when) }, link, completion), /gone/)
    await completeUpload(deps, link, completion)
    await assertReceived(session)
  })

  test(`a copy that dies ${when} it joins the parts leaves an upload that is finished when the page is gone too`, async () => {
    const { link, session, completion } = await aSentUpload()
    await assert.rejects(completeUpload({ ...deps, bucket: dying(when) }, link, completion), /gone/)
    assert.equal(await finishStuckUpload(deps), 0, 'whoever is at it is left alone')
    await later('3 minutes')
    const sweeps = await Promise.all([finishStuckUpload(deps), finishStuckUpload(deps)])
    assert.deepEqual(sweeps.sort(), [0, 1])
    await assertReceived(session)
    await later('3 minutes')
    assert.equal(await finishStuckUpload(deps), 0)
  })
}

test('while the bucket is away the end of an upload waits for it', async () => {
  const { link, session, completion } = await aSentUpload()
  await markCompleting(db, session.id, completion.sha256)
  const stop = bucket.running.faults.inject({ kind: 'unavailable' })
  await later('3 minutes')
  await assert.rejects(finishStuckUpload(deps), StorageUnavailable)
  assert.equal(await finishStuckUpload(deps), 0)
  await assert.rejects(completeUpload(deps, link, completion), StorageUnavailable)
  stop()
  await later('3 minutes')
  assert.equal(await finishStuckUpload(deps), 1)
  await assertReceived(session)
})

test('an answer of the bucket that was lost does not cost the file', async () => {
  const { link, session, completion } = await aSentUpload()
  bucket.running.faults.inject({ kind: 'lost answer', on: 'put', times: 1 })
  await completeUpload(deps, link, completion)
  await assertReceived(session)
})

test('a file whose product was deleted while it arrived is not kept, and its room is free', async () => {
  const { product, session, completion, again } = await aSentUpload()
  await markCompleting(db, session.id, completion.sha256)
  await db.query(`update products set status = 'deleted', deleted_at = now() where id = $1`, [product.id])
  assert.deepEqual(await finishUpload(deps, await again()), { kind: 'not found' })
  assert.equal((await again()).state, 'aborted')
  const { rows } = await db.query(`select upload_id as "uploadId" from objects_to_remove where object_key = $1`, [
    session.objectKey,
  ])
  assert.deepEqual(rows, [{ uploadId: session.uploadId }], 'the file goes, whatever dies now')
  assert.equal(await reserved(session), 0n)
})

test('an upload the bucket shows nothing of is given up only after it had time to join the parts', async () => {
  const { session, completion, again } = await aSentUpload()
  await markCompleting(db, session.id, completion.sha256)
  await bucket.store.abortMultipart({ key: session.objectKey, uploadId: session.uploadId ?? '' })
  assert.deepEqual(await finishUpload(deps, await again()), { kind: 'busy' })
  assert.equal(await reserved(session), BigInt(bytes.length))
  await later('16 minutes')
  assert.equal(await finishStuckUpload(deps), 1)
  assert.equal((await again()).state, 'aborted')
  assert.equal(await reserved(session), 0n)
})

test('an upload whose copy died before the bucket waited for it is begun anew, in the same room', async (t) => {
  const { id, seller } = await aProductOnSale(db)
  const token = await anUploadToken(db, { seller, productId: id })
  const link = (await findUploadLink(db, hashToken(token))) ?? assert.fail('no link')
  const file = { name: 'Film.mp4', sizeBytes: bytes.length }
  t.after(() => {
    armFailpoints(() => Promise.resolve())
  })
  for (const step of ['media.upload-reserved', 'media.upload-begun'] as const) {
    const reached = Promise.withResolvers<undefined>()
    armFailpoints((name) => {
      if (name !== step) return Promise.resolve()
      reached.resolve(undefined)
      return new Promise(() => undefined)
    })
    void openUpload(deps, link, file)
    await reached.promise
    assert.equal(await findOpenUpload(db, link), undefined, 'the page would wait in vain for it')
    armFailpoints(() => Promise.resolve())
    const session = await openUpload(deps, link, file)
    assert.equal((await findOpenUpload(db, link))?.id, session.id)
    assert.equal(await reserved(session), BigInt(bytes.length))
  }
})
