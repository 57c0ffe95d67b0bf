import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, test } from 'node:test'
import { strToU8, zipSync } from 'fflate'
import { pino } from 'pino'
import { until } from '../../sandbox/infra/until.ts'
import { mediaLease } from '../../shared/db/media-lease.ts'
import { inTransaction } from '../../shared/db/pool.ts'
import { findQuota } from '../../shared/db/quotas.ts'
import { type FileId, type PersonId, type ProductId } from '../../shared/domain/ids.ts'
import { receiveChatFile } from '../../shared/messaging/receive-file.ts'
import { RetryLater } from '../../shared/messaging/retry-later.ts'
import { armFailpoints, type Failpoint } from '../../shared/runtime/failpoint.ts'
import { type Telegram } from '../../shared/telegram/client.ts'
import { TelegramRefused, TelegramUnreachable } from '../../shared/telegram/errors.ts'
import { aBucket } from '../../shared/testing/a-bucket.ts'
import { anOwnedOrder, aProductOnSale, aReadyFile, aSeller } from '../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { playsFaults } from '../../shared/testing/real-bucket.ts'
import { repairPictures } from './repair-media.ts'
import { verifyUpload } from './verify-upload.ts'

const db = await createTestDatabase({ after })
const bucket = await aBucket({ after })
const folder = await mkdtemp(join(tmpdir(), 'comptoir-verify-'))
after(() => rm(folder, { recursive: true }))
const log = pino({ enabled: false })
const temporaryDir = join(folder, 'temp')
const signal = new AbortController().signal

const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(5_000, 'x')])

/** Telegram with one file, which may be away or gone. */
function chatWith(bytes: Buffer, failure?: Error): Pick<Telegram, 'download'> & { asked: number } {
  const chat = {
    asked: 0,
    download: async (_id: string, path: string, { maxBytes }: { maxBytes: number }) => {
      chat.asked += 1
      if (failure !== undefined) throw failure
      if (bytes.length > maxBytes) throw new TelegramRefused('a file', 413, 'too many bytes')
      await writeFile(path, bytes)
      return { sizeBytes: BigInt(bytes.length), sha256: createHash('sha256').update(bytes).digest('hex') }
    },
  }
  return chat
}

const depsWith = (telegram: Pick<Telegram, 'download'>) => ({
  db,
  bucket: bucket.store,
  log,
  telegram,
  temporaryDir,
  pageTool: undefined,
})

type Draft = { readonly seller: PersonId; readonly id: ProductId }

/** A complete product that its seller has published, waiting for its file. */
async function aProductInTheMaking(status = 'processing'): Promise<Draft> {
  const seller = await aSeller(db)
  const { rows } = await db.query<{ id: ProductId }>(
    `insert into products (code, seller_id, category_id, title, description, price_cents, status)
     select upper(substr(md5(random()::text), 1, 8)), $1, id, 'A guide', 'A long description', 1999, $2
       from categories where slug = 'other'
  returning id`,
    [seller, status],
  )
  return { seller, id: rows[0]?.id ?? assert.fail('no product') }
}

async function send({ seller, id }: Draft, bytes: Buffer, fileName = 'guide.pdf'): Promise<FileId> {
  const sent = {
    seller,
    productId: id,
    fileName,
    sizeBytes: BigInt(bytes.length),
    telegramFileId: 'BQAC',
    changelog: '',
  }
  const received = await inTransaction(db, (tx) => receiveChatFile(tx, sent))
  return received.kind === 'received' ? received.fileId : assert.fail(JSON.stringify(received))
}

async function stateOf(fileId: FileId) {
  const { rows } = await db.query(
    `select f.state, f.reject_reason as "reason", f.number, p.status, p.current_file_id = f.id as "isCurrent",
            p.next_file_id is null as "waitsForNothing", f.object_key as "key"
       from product_files f
       join products p on p.id = f.product_id
      where f.id = $1`,
    [fileId],
  )
  const { key, ...state } = rows[0] ?? assert.fail('no file')
  return { ...state, state: state['state'], isKept: await isKept(String(key)) }
}

/** In the bucket, and not to be removed from it. */
async function isKept(key: string): Promise<boolean> {
  const { rowCount } = await db.query(`select from objects_to_remove where object_key = $1`, [key])
  return rowCount === 0 && (await bucket.store.head(key)) !== undefined
}

async function told(person: PersonId): Promise<unknown[]> {
  const { rows } = await db.query<{ kind: string; reason: string | null }>(
    `select kind, facts->>'reason' as reason from notices where person_id = $1 order by id`,
    [person],
  )
  return rows.map(({ kind, reason }) => (reason === null ? kind : `${kind}: ${reason}`))
}

const leftBehind = () => readdir(temporaryDir).catch(() => [])
const onSale = { state: 'ready', reason: null, number: 1, isCurrent: true, waitsForNothing: true, isKept: true }
const refusedFor = (reason: string) => ({
  state: 'rejected',
  reason,
  number: null,
  status: 'draft',
  isCurrent: null,
  waitsForNothing: true,
  isKept: false,
})

afterEach(() => {
  armFailpoints(() => Promise.resolve())
})

test('a file from the chat is stored, read back and sold, once it has a picture', async () => {
  const product = await aProductInTheMaking()
  const fileId = await send(product, pdf)
  await verifyUpload(depsWith(chatWith(pdf)), { fileId }, signal)
  assert.deepEqual(await stateOf(fileId), { ...onSale, status: 'processing' })
  assert.deepEqual(await told(product.seller), [])

  await repairPictures({ db, bucket: bucket.store, log, dataDir: folder }, product.id)
  assert.deepEqual(await stateOf(fileId), { ...onSale, status: 'active' })
  assert.deepEqual(await told(product.seller), ['product on sale'])
  const quota = await findQuota(db, product.seller)
  assert.deepEqual([quota?.usedBytes, quota?.reservedBytes], [BigInt(pdf.length), 0n])
  assert.deepEqual(await leftBehind(), [])
})

test('a file of a draft becomes its file, and waits for the seller', async () => {
  const product = await aProductInTheMaking('draft')
  const fileId = await send(product, pdf)
  await verifyUpload(depsWith(chatWith(pdf)), { fileId }, signal)
  assert.deepEqual(await stateOf(fileId), { ...onSale, status: 'draft' })
})

const refusals: readonly (readonly [
  what: string,
  name: string,
  sent: Buffer,
  chat: ReturnType<typeof chatWith>,
  reason: string,
])[] = [
  ['a program', 'a.pdf', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(600)]), undefined, 'executable'],
  ['other content', 'a.png', pdf, undefined, 'other content'],
  ['a file Telegram forgot', 'a.pdf', pdf, new TelegramRefused('getFile', 400, 'wrong file_id'), 'gone from Telegram'],
  ['a file that arrives shorter', 'a.pdf', pdf, pdf.subarray(0, 100), 'damaged on the way'],
  ['a file that arrives longer', 'a.pdf', pdf, Buffer.concat([pdf, pdf]), 'damaged on the way'],
].map(([what, name, sent, given, reason]) => {
  const bytes = sent as Buffer
  const chat = given instanceof Error ? chatWith(bytes, given) : chatWith((given as Buffer | undefined) ?? bytes)
  return [what as string, name as string, bytes, chat, reason as string]
})

for (const [what, name, sent, chat, reason] of refusals) {
  test(`${what} is refused: the seller is told, the product is a draft again, and nothing stays`, async () => {
    const product = await aProductInTheMaking()
    const fileId = await send(product, sent, name)
    await verifyUpload(depsWith(chat), { fileId }, signal)
    assert.deepEqual(await stateOf(fileId), refusedFor(reason))
    assert.deepEqual(await told(product.seller), [`file refused: ${reason}`])
    const quota = await findQuota(db, product.seller)
    assert.deepEqual([quota?.usedBytes, quota?.reservedBytes], [0n, 0n])
    assert.deepEqual(await leftBehind(), [])
  })
}

test('bytes that changed in the bucket are not sold', async () => {
  const product = await aProductInTheMaking()
  const fileId = await send(product, pdf)
  armFailpoints(async (name) => {
    if (name !== 'media.file-recorded') return
    const key = `originals/${product.id}/${fileId}`
    await bucket.store.put(key, Buffer.from(pdf).fill('y', 100, 101), { contentType: 'application/pdf' })
  })
  await verifyUpload(depsWith(chatWith(pdf)), { fileId }, signal)
  assert.deepEqual(await stateOf(fileId), refusedFor('damaged on the way'))
})

test('an archive with a program inside is sold with a warning, and administrators hear of it', async () => {
  const product = await aProductInTheMaking()
  const zip = Buffer.from(zipSync({ 'tools/setup.exe': strToU8('x') }))
  const fileId = await send(product, zip, 'kit.zip')
  await verifyUpload(depsWith(chatWith(zip)), { fileId }, signal)
  const { rows } = await db.query(
    `select p.has_executables as "isWarned", (select count(*)::integer from outbox where dedupe_key like '%executables:' || $2) as "alerts"
       from products p where id = $1`,
    [product.id, fileId],
  )
  assert.deepEqual(rows, [{ isWarned: true, alerts: 1 }])
})

test('a new version takes the place of the old: who bought it is told, and what nobody bought takes no room', async () => {
  const product = await aProductOnSale(db)
  await db.query(`update sellers set used_bytes = 1000 where user_id = $1`, [product.seller])
  const { buyer } = await anOwnedOrder(db, product)
  const second = await send(product, pdf)
  await verifyUpload(depsWith(chatWith(pdf)), { fileId: second }, signal)
  assert.deepEqual([(await stateOf(second)).isKept, await told(buyer)], [true, ['new version']])
  assert.deepEqual(await told(product.seller), ['version on sale'])
  const kept = await findQuota(db, product.seller)
  assert.deepEqual([kept?.usedBytes, kept?.retainedBytes], [BigInt(pdf.length), 1_000n])

  await db.query(`update product_files set created_at = now() - interval '2 hours' where id = $1`, [second])
  const third = await send(product, pdf)
  await verifyUpload(depsWith(chatWith(pdf)), { fileId: third }, signal)
  const freed = await findQuota(db, product.seller)
  assert.deepEqual([freed?.usedBytes, freed?.retainedBytes], [BigInt(pdf.length), 1_000n])
})

test('what passes by itself is waited for, longer each time, and given up after a week with a word', async () => {
  const product = await aProductInTheMaking()
  const fileId = await send(product, pdf)
  const away = depsWith(chatWith(pdf, new TelegramUnreachable('getFile', 'unknown', 'the line was cut')))
  const pauses: number[] = []
  for (let n = 0; n < 3; n += 1) {
    await assert.rejects(verifyUpload(away, { fileId }, signal), (error) => {
      assert.ok(error instanceof RetryLater)
      pauses.push(error.ms)
      return true
    })
  }
  assert.deepEqual(
    pauses,
    pauses.toSorted((left, right) => left - right),
  )
  assert.equal(new Set(pauses).size, 3)
  await db.query(`update product_files set created_at = now() - interval '8 days' where id = $1`, [fileId])
  await verifyUpload(away, { fileId }, signal)
  assert.deepEqual(await told(product.seller), ['file refused: given up'])
})

test('a bucket that is away holds nothing up for good, and the file is not lost', { skip: playsFaults }, async () => {
  const product = await aProductInTheMaking()
  const fileId = await send(product, pdf)
  const cut = bucket.running.faults.inject({ kind: 'unavailable' })
  const waits = (error: unknown) => error instanceof RetryLater
  await assert.rejects(verifyUpload(depsWith(chatWith(pdf)), { fileId }, signal), waits)
  cut()
  await verifyUpload(depsWith(chatWith(pdf)), { fileId }, signal)
  assert.equal((await stateOf(fileId)).isKept, true)
})

test('a file whose object vanished before it was verified is fetched from the chat again', async () => {
  const product = await aProductInTheMaking()
  const fileId = await send(product, pdf)
  const chat = chatWith(pdf)
  let isFirst = true
  armFailpoints(async (name) => {
    if (name === 'media.file-recorded' && isFirst) await bucket.store.remove(`originals/${product.id}/${fileId}`)
    if (name === 'media.file-recorded') isFirst = false
  })
  await assert.rejects(verifyUpload(depsWith(chat), { fileId }, signal), (error) => error instanceof RetryLater)
  await verifyUpload(depsWith(chat), { fileId }, signal)
  assert.deepEqual([chat.asked, (await stateOf(fileId)).state], [2, 'ready'])
})

const steps: readonly Failpoint[] = [
  'media.file-claimed',
  'media.file-fetched',
  'media.file-stored',
  'media.file-recorded',
  'media.file-inspected',
  'media.file-marked',
]

for (const step of steps) {
  test(`a worker that breaks at ${step} leaves the rest to the next: one version, nothing twice`, async () => {
    const product = await aProductInTheMaking()
    const fileId = await send(product, pdf)
    armFailpoints((name) => (name === step ? Promise.reject(new Error('broken')) : Promise.resolve()))
    await assert.rejects(verifyUpload(depsWith(chatWith(pdf)), { fileId }, signal), /broken/)
    armFailpoints(() => Promise.resolve())
    await verifyUpload(depsWith(chatWith(pdf)), { fileId }, signal)
    assert.deepEqual(await stateOf(fileId), { ...onSale, status: 'processing' })
    assert.equal((await findQuota(db, product.seller))?.usedBytes, BigInt(pdf.length))
    assert.deepEqual(await leftBehind(), [])
  })

  test(`a worker that stands still at ${step} for longer than its lease changes nothing any more`, async () => {
    const product = await aProductInTheMaking()
    const fileId = await send(product, pdf)
    const [reached, freed] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
    let isFirst = true
    armFailpoints(async (name) => {
      if (name !== step || !isFirst) return
      isFirst = false
      reached.resolve(undefined)
      await freed.promise
    })
    const slow = verifyUpload(depsWith(chatWith(pdf)), { fileId }, signal).catch((error: unknown) => error)
    await reached.promise
    await db.query(`update product_files set lease_until = now() - interval '1 second' where id = $1`, [fileId])
    await verifyUpload(depsWith(chatWith(pdf)), { fileId }, signal)
    freed.resolve(undefined)
    await slow
    assert.deepEqual(await stateOf(fileId), { ...onSale, status: 'processing' })
    assert.equal((await findQuota(db, product.seller))?.usedBytes, BigInt(pdf.length))
  })
}

test('two replicas that are rung at once do the work once', async () => {
  const product = await aProductInTheMaking()
  const fileId = await send(product, pdf)
  const chat = chatWith(pdf)
  const [reached, freed] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
  armFailpoints(async (name) => {
    if (name !== 'media.file-claimed') return
    reached.resolve(undefined)
    await freed.promise
  })
  const first = verifyUpload(depsWith(chat), { fileId }, signal)
  await reached.promise
  await assert.rejects(verifyUpload(depsWith(chat), { fileId }, signal), (error) => error instanceof RetryLater)
  freed.resolve(undefined)
  await first
  assert.equal(chat.asked, 1)
  await verifyUpload(depsWith(chat), { fileId }, signal)
  assert.equal((await stateOf(fileId)).state, 'ready')
})

test('a file that is overtaken by a newer one while it is fetched leaves no object behind', async () => {
  const product = await aProductInTheMaking('draft')
  const first = await send(product, pdf)
  let second: FileId | undefined
  armFailpoints(async (name) => {
    if (name === 'media.file-stored' && second === undefined) second = await send(product, pdf)
  })
  await verifyUpload(depsWith(chatWith(pdf)), { fileId: first }, signal)
  assert.deepEqual(await stateOf(first), { ...refusedFor('replaced'), waitsForNothing: false })
  await verifyUpload(depsWith(chatWith(pdf)), { fileId: second ?? assert.fail('not sent') }, signal)
  assert.equal((await findQuota(db, product.seller))?.usedBytes, BigInt(pdf.length))
})

test('a file of a product that is deleted meanwhile is dropped without a word', async () => {
  const product = await aProductInTheMaking('inactive')
  await aReadyFile(db, product.id)
  const fileId = await send(product, pdf)
  armFailpoints(async (name) => {
    if (name !== 'media.file-inspected') return
    await db.query(`update products set status = 'deleted', deleted_at = now() where id = $1`, [product.id])
  })
  await verifyUpload(depsWith(chatWith(pdf)), { fileId }, signal)
  const { state, isKept } = await stateOf(fileId)
  assert.deepEqual([state, isKept, await told(product.seller)], ['rejected', false, []])
  assert.equal((await findQuota(db, product.seller))?.reservedBytes, 0n)
})

test('what a worker stored before it died is removed once the file is overtaken, however late it is asked for', async () => {
  const product = await aProductInTheMaking('draft')
  const first = await send(product, pdf)
  const [stored, ended] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
  armFailpoints((name) => {
    if (name !== 'media.file-stored') return Promise.resolve()
    stored.resolve(undefined)
    return ended.promise
  })
  const dead = assert.rejects(verifyUpload(depsWith(chatWith(pdf)), { fileId: first }, signal), /dead/)
  await stored.promise
  await send(product, pdf)
  await db.query(`delete from objects_to_remove`) // the janitor was there before the worker
  await verifyUpload(depsWith(chatWith(pdf)), { fileId: first }, signal)
  assert.deepEqual(await stateOf(first), { ...refusedFor('replaced'), waitsForNothing: false })
  ended.reject(new Error('dead'))
  await dead
})

test('a worker that gives signs of life keeps its file for longer than a dead one would', async () => {
  const product = await aProductInTheMaking()
  const fileId = await send(product, pdf)
  const [reached, freed] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
  armFailpoints(async (name) => {
    if (name !== 'media.file-inspected') return
    reached.resolve(undefined)
    await freed.promise
  })
  const leaseMs = async () => {
    const { rows } = await db.query<{ ms: number }>(
      `select extract(epoch from lease_until - clock_timestamp())::float8 * 1000 as ms from product_files where id = $1`,
      [fileId],
    )
    return rows[0]?.ms ?? assert.fail('no lease')
  }
  const work = verifyUpload(depsWith(chatWith(pdf)), { fileId }, signal)
  await reached.promise
  assert.ok((await leaseMs()) <= mediaLease.seconds * 1_000)
  await db.query(`update product_files set lease_until = clock_timestamp() + interval '1 second' where id = $1`, [
    fileId,
  ])
  await until(async () => ((await leaseMs()) > 10_000 ? true : undefined))
  freed.resolve(undefined)
  await work
  assert.equal((await stateOf(fileId)).state, 'ready')
})
