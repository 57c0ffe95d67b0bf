import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { isDatabaseAway } from '../../../shared/db/pool.ts'
import { findQuota } from '../../../shared/db/quotas.ts'
import { type PersonId } from '../../../shared/domain/ids.ts'
import { aBucket } from '../../../shared/testing/a-bucket.ts'
import { aProductOnSale, aSeller } from '../../../shared/testing/a-shop.ts'
import { aDraftToFill, anUploadToken, type DraftToFill } from '../../../shared/testing/an-upload.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { sha256Of, UploadClient } from '../../../shared/testing/upload-client.ts'
import { createServer } from '../../../shared/web/http-server.ts'
import { newToken } from '../../../shared/web/link-token.ts'
import { uploadRoutes } from './upload-routes.ts'

const db = await createTestDatabase({ after })
const bucket = await aBucket({ after })
const partBytes = 5 * 1024 ** 2
const maxFileBytes = 50 * 1024 ** 2
const logged: string[] = []
const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) })

/** One of the copies of media. */
async function aServer() {
  const server = await createServer({
    log,
    health: () => Promise.resolve({ status: 'ok', service: 'media', version: 'test', checks: {} }),
    isAway: isDatabaseAway,
  })
  uploadRoutes(server, { db, bucket: bucket.store, log, maxFileBytes, partBytes })
  after(() => server.close())
  return server
}

const [server, otherCopy] = [await aServer(), await aServer()]
const bytes = randomBytes(2 * partBytes + 1_000)
const all = [1, 2, 3]

type Sender = DraftToFill & { readonly page: UploadClient }

async function aSender(owner?: PersonId): Promise<Sender> {
  const draft = await aDraftToFill(db, owner)
  return { ...draft, page: new UploadClient(server, draft.token) }
}

/** An upload whose parts are all in the bucket. */
async function aSentUpload(sender?: Sender) {
  const to = sender ?? (await aSender())
  const id = await to.page.opened('Film.mp4', bytes.length)
  return { ...to, id, parts: await to.page.send(id, bytes, partBytes, all) }
}

const reservedOf = async (seller: PersonId): Promise<bigint | undefined> => (await findQuota(db, seller))?.reservedBytes

async function filesOf({ productId }: Pick<DraftToFill, 'productId'>) {
  const { rows } = await db.query<{
    key: string
    state: string
    name: string
    sha256: string
    reserved: bigint
    isNext: boolean
  }>(
    `select f.object_key as "key", f.state, f.file_name as "name", f.sha256, f.reserved_bytes as "reserved",
            f.id = p.next_file_id as "isNext"
       from product_files f
       join products p on p.id = f.product_id
      where p.id = $1`,
    [productId],
  )
  return rows
}

async function unfinishedOf({ productId }: Pick<DraftToFill, 'productId'>): Promise<number> {
  let count = 0
  for await (const { key } of bucket.store.listMultiparts(`originals/${productId}/`)) count += key.length > 0 ? 1 : 0
  return count
}

test('a file sent in parts is in the bucket byte for byte, waits to be verified, and its seller is told so', async () => {
  const { page, id, parts, productId, seller } = await aSentUpload()
  assert.deepEqual((await page.look(id)).json, {
    state: 'open',
    uploaded: parts.map(({ number, etag }) => ({ number, size: number === 3 ? 1_000 : partBytes, etag })),
    rejected_reason: null,
  })
  const { status, json } = await page.complete(id, parts, sha256Of(bytes))
  assert.deepEqual([status, json], [202, { state: 'verifying' }])

  const [file, ...more] = await filesOf({ productId })
  assert.deepEqual(more, [])
  const { key, ...facts } = file ?? assert.fail('no file')
  assert.deepEqual(facts, {
    state: 'verifying',
    name: 'Film.mp4',
    sha256: sha256Of(bytes),
    reserved: BigInt(bytes.length),
    isNext: true,
  })
  assert.match(key, new RegExp(`^originals/${productId}/[0-9a-f-]{36}$`))
  const stored = await bucket.store.get(key, { sizeBytes: bytes.length, sha256: sha256Of(bytes) })
  assert.ok(stored.equals(bytes))
  assert.equal((await bucket.store.head(key))?.contentType, 'video/mp4')
  assert.equal(await reservedOf(seller), BigInt(bytes.length))
  const { rows } = await db.query(`select kind, person_id as "person" from notices where facts->>'productId' = $1`, [
    productId,
  ])
  assert.deepEqual(rows, [{ kind: 'file received', person: seller }])
  assert.deepEqual((await page.look(id)).json, { state: 'verifying', uploaded: [], rejected_reason: null })
})

test('the end of an upload may be told again and again, to two copies at once: there is one file and one check', async () => {
  const { page, token, id, parts, productId } = await aSentUpload()
  const other = new UploadClient(otherCopy, token)
  const said = await Promise.all([page, other, page, other].map((copy) => copy.complete(id, parts, sha256Of(bytes))))
  assert.deepEqual([...new Set(said.map(({ status }) => status))], [202])
  assert.equal((await page.complete(id, parts, sha256Of(bytes))).status, 202)
  assert.equal((await filesOf({ productId })).length, 1)
  const { rows } = await db.query(
    `select (select count(*)::int from outbox where subject = 'file.received' and payload->>'fileId' = f.id::text) as checks,
            (select count(*)::int from notices where facts->>'fileId' = f.id::text) as notices
       from product_files f where product_id = $1`,
    [productId],
  )
  assert.deepEqual(rows, [{ checks: 1, notices: 1 }])
})

test('what became of a file after its check is shown to its sender', async () => {
  const { page, id, parts, productId } = await aSentUpload()
  await page.complete(id, parts, sha256Of(bytes))
  await db.query(`update product_files set state = 'rejected', reject_reason = 'executable' where product_id = $1`, [
    productId,
  ])
  assert.deepEqual((await page.look(id)).json, { state: 'rejected', uploaded: [], rejected_reason: 'executable' })
})

test('a file that may not be sold is refused with its reason before a byte is sent', async () => {
  const { page, seller } = await aSender()
  const refusals: readonly (readonly [unknown, unknown, number, string])[] = [
    ['setup.pdf.exe', 10, 400, 'blocked_type'],
    ['a.xyz', 10, 400, 'unsupported_type'],
    ['README', 10, 400, 'bad_name'],
    ['', 10, 400, 'bad_name'],
    [undefined, 10, 400, 'bad_name'],
    [17, 10, 400, 'bad_name'],
    ['a.pdf', 0, 400, 'empty'],
    ['a.pdf', maxFileBytes + 1, 400, 'too_large'],
    ['a.pdf', -1, 400, 'bad_request'],
    ['a.pdf', 1.5, 400, 'bad_request'],
    ['a.pdf', '10', 400, 'bad_request'],
    ['a.pdf', null, 400, 'bad_request'],
    ['a.pdf', 1e300, 400, 'bad_request'],
  ]
  for (const [file_name, size, status, code] of refusals) {
    const answer = await page.call('POST', '/api/uploads', { file_name, size })
    assert.deepEqual([answer.status, answer.code], [status, code], `${String(file_name)} of ${String(size)}`)
  }
  assert.equal(await reservedOf(seller), 0n)
  assert.equal((await page.open('../..\\"we\u202eird"\n.pdf', 10)).status, 201)
})

const call = async (headers: Record<string, string>, url = '/api/uploads', payload: object = {}) => {
  const answer = await server.inject({
    method: 'POST',
    url,
    headers,
    payload: { file_name: 'a.pdf', size: 10, ...payload },
  })
  return [answer.statusCode, answer.json<{ error?: { code: string } }>().error?.code]
}

test('only a valid token in the header lets anybody upload, and all others are answered alike', async () => {
  const { token, productId, seller } = await aSender()
  const old = await anUploadToken(db, { productId, seller })
  await db.query(`update upload_links set expires_at = now() where token_hash = encode(sha256($1), 'hex')`, [
    Buffer.from(old),
  ])
  const refused = [403, 'not_allowed']
  for (const authorization of [
    `Bearer ${newToken()}`,
    `Bearer ${old}`,
    `Basic ${token}`,
    token,
    'Bearer ',
    `Bearer ${token} x`,
  ]) {
    assert.deepEqual(await call({ authorization }), refused, authorization)
  }
  assert.deepEqual(await call({}, `/api/uploads?token=${token}`), refused)
  assert.deepEqual(await call({}, '/api/uploads', { token, authorization: `Bearer ${token}` }), refused)
  assert.deepEqual(await call({ cookie: `token=${token}` }), refused)
  assert.equal((await call({ authorization: `Bearer ${token}` }))[0], 201)
})

test("nobody sees, adds to, completes or ends another's upload, nor that of another product of their own", async () => {
  const { page, id, parts, seller, productId } = await aSentUpload()
  const stranger = await aSender()
  const neighbour = await aSender(seller)
  for (const other of [stranger.page, neighbour.page]) {
    const answers = [other.look(id), other.parts(id, [1]), other.complete(id, parts, sha256Of(bytes)), other.abort(id)]
    for (const { status, code } of await Promise.all(answers)) assert.deepEqual([status, code], [404, 'not_found'])
  }
  for (const id of [randomUUID(), 'x', '1', encodeURIComponent("' or 1=1 --")]) {
    assert.equal((await page.look(id)).status, 404, id)
  }
  const renewed = new UploadClient(otherCopy, await anUploadToken(db, { seller, productId }))
  assert.equal((await renewed.complete(id, parts, sha256Of(bytes))).status, 202, 'a newer link for the same product')
})

test('addresses are given for up to twenty parts of an upload that is open', async () => {
  const { page } = await aSender()
  const id = await page.opened('Film.mp4', bytes.length)
  for (const numbers of [[], [0], [4], [1.5], ['1'], [-1], Array.from({ length: 21 }, () => 1)]) {
    const { status, code } = await page.parts(id, numbers)
    assert.deepEqual([status, code], [400, 'bad_request'], JSON.stringify(numbers))
  }
  assert.equal((await page.call('POST', `/api/uploads/${id}/parts`, { numbers: 1 })).status, 400)
  const { status, json } = await page.parts(id, [1, 3, 1])
  const urls = json['urls'] as { number: number; url: string; expires_at: string }[]
  assert.deepEqual([status, urls.map(({ number }) => number)], [200, [1, 3]])
  const { url, expires_at } = urls[0] ?? assert.fail('no address')
  assert.equal(new URL(url).origin, new URL(bucket.running.endpoint).origin)
  assert.equal(new URL(url).searchParams.get('X-Amz-Expires'), '3600')
  assert.ok(Math.abs(Date.parse(expires_at) - Date.now() - 3_600_000) < 10_000)
  await db.query(`update upload_sessions set expires_at = now() where id = $1`, [id])
  assert.deepEqual((await page.parts(id, [1])).code, 'gone')
  assert.equal((await page.look(id)).json['state'], 'expired')
})

test('an upload lives a day after its last sign of life, and two days at most', async () => {
  const { page } = await aSender()
  const id = await page.opened('Film.mp4', bytes.length)
  const hoursLeft = async (): Promise<number> => {
    const { rows } = await db.query<{ hours: number }>(
      `select round(extract(epoch from expires_at - now()) / 3600)::int as hours from upload_sessions where id = $1`,
      [id],
    )
    return rows[0]?.hours ?? assert.fail('no upload')
  }
  const age = (hours: number) =>
    db.query(
      `update upload_sessions set created_at = now() - $2 * interval '1 hour', expires_at = now() + interval '1 minute' where id = $1`,
      [id, hours],
    )
  assert.equal(await hoursLeft(), 24)
  await age(20)
  assert.equal((await page.parts(id, [1])).status, 200)
  assert.equal(await hoursLeft(), 24)
  await age(40)
  assert.equal((await page.parts(id, [1])).status, 200)
  assert.equal(await hoursLeft(), 8)
})

test('parts that are not all there, or not as they were sent, are named', async () => {
  const { page } = await aSender()
  const id = await page.opened('Film.mp4', bytes.length)
  const some = await page.send(id, bytes, partBytes, [1, 3])
  const early = await page.complete(id, some, sha256Of(bytes))
  assert.deepEqual([early.status, early.code], [409, 'missing_parts'])
  assert.match(JSON.stringify(early.json), /sent: 2"/)
  const parts = [...some, ...(await page.send(id, bytes, partBytes, [2]))]
  const wrong = parts.map((part) => (part.number === 1 ? { ...part, etag: 'f'.repeat(32) } : part))
  assert.equal((await page.complete(id, wrong, sha256Of(bytes))).code, 'missing_parts')
  assert.equal((await page.complete(id, [], sha256Of(bytes))).code, 'missing_parts')
  for (const sha256 of ['', 'x', 'g'.repeat(64), sha256Of(bytes).slice(1)]) {
    assert.equal((await page.complete(id, parts, sha256)).status, 400, sha256)
  }
  assert.equal((await page.complete(id, [{ number: 9, etag: 'x' }, ...parts], sha256Of(bytes))).code, 'size_mismatch')
  assert.equal((await page.complete(id, parts, sha256Of(bytes).toUpperCase())).status, 202)
})

test('parts of another size than announced are not made a file', async () => {
  const { page, productId } = await aSender()
  const id = await page.opened('Film.mp4', bytes.length)
  const parts = await page.send(id, bytes, partBytes, all)
  await db.query(`update upload_sessions set declared_bytes = declared_bytes + 1 where id = $1`, [id])
  const { status, code } = await page.complete(id, parts, sha256Of(bytes))
  assert.deepEqual([status, code], [422, 'size_mismatch'])
  assert.deepEqual(await filesOf({ productId }), [])
})

test('an upload that is given up frees its room and its parts, however often it is given up', async () => {
  const { page, id, seller, productId } = await aSentUpload()
  assert.equal(await reservedOf(seller), BigInt(bytes.length))
  assert.equal(await unfinishedOf({ productId }), 1)
  for (const turn of [1, 2, 3]) assert.equal((await page.abort(id)).status, 204, `turn ${turn}`)
  assert.equal(await reservedOf(seller), 0n)
  assert.equal(await unfinishedOf({ productId }), 0)
  assert.equal((await page.look(id)).json['state'], 'aborted')
  assert.equal((await page.parts(id, [1])).code, 'gone')
  assert.equal((await page.complete(id, [], sha256Of(bytes))).code, 'gone')
})

test('a file that has arrived is not given up by a late press', async () => {
  const { page, id, parts, productId } = await aSentUpload()
  await page.complete(id, parts, sha256Of(bytes))
  assert.deepEqual([(await page.abort(id)).status, (await page.abort(id)).code], [409, 'already_received'])
  assert.equal((await filesOf({ productId })).length, 1)
})

test('a new upload for a product takes the place of the one under way, and of its room', async () => {
  const { page, id, seller, productId } = await aSentUpload()
  await db.query(`update sellers set quota_bytes = $2 where user_id = $1`, [seller, bytes.length + 10])
  assert.equal((await page.open('b.mp4', bytes.length + 11)).code, 'quota_exceeded')
  assert.equal((await page.look(id)).json['state'], 'open', 'a refusal changes nothing')
  const next = await page.opened('b.mp4', bytes.length + 10)
  assert.equal((await page.look(id)).json['state'], 'aborted')
  assert.equal((await page.look(next)).json['state'], 'open')
  assert.equal(await reservedOf(seller), BigInt(bytes.length) + 10n)
  assert.equal(await unfinishedOf({ productId }), 1)
})

test('while the parts of a file are being joined, another does not take its place', async () => {
  const { page, id, parts } = await aSentUpload()
  await db.query(`update upload_sessions set state = 'completing', sha256 = $2 where id = $1`, [id, sha256Of(bytes)])
  const refused = await page.open('b.mp4', 10)
  assert.deepEqual([refused.status, refused.code], [409, 'session_open'])
  assert.equal((await page.complete(id, parts, sha256Of(bytes))).status, 202)
  assert.equal((await page.open('b.mp4', 10)).status, 201)
})

test('however many uploads a seller opens at once, they never hold more than the quota', async () => {
  const seller = await aSeller(db)
  await db.query(`update sellers set quota_bytes = 250 where user_id = $1`, [seller])
  const senders = await Promise.all(Array.from({ length: 6 }, () => aSender(seller)))
  const said = await Promise.all(
    senders.map(({ token }, index) => new UploadClient(index % 2 ? server : otherCopy, token).open('a.pdf', 100)),
  )
  assert.deepEqual(said.map(({ status }) => status).sort(), [201, 201, 413, 413, 413, 413])
  assert.ok(said.every(({ status, code }) => status === 201 || code === 'quota_exceeded'))
  assert.equal(await reservedOf(seller), 200n)
})

test('two pages that open an upload for one product at once leave one of them open, with room for one', async () => {
  const { page, token, seller, productId } = await aSender()
  const other = new UploadClient(otherCopy, token)
  const said = await Promise.all([page, other, page, other].map((copy) => copy.open('a.pdf', 100)))
  assert.ok(
    said.every(({ status }) => status === 201 || status === 410),
    JSON.stringify(said),
  )
  const states = await Promise.all(
    said.flatMap(({ json }) => (typeof json['id'] === 'string' ? [page.look(json['id'])] : [])),
  )
  assert.equal(states.filter(({ json }) => json['state'] === 'open').length, 1)
  assert.equal(await reservedOf(seller), 100n)
  assert.equal(await unfinishedOf({ productId }), 1)
})

test('a seller opens ten uploads a day, and one the bucket could not begin does not count', async () => {
  const seller = await aSeller(db)
  const { page } = await aSender(seller)
  const stop = bucket.running.faults.inject({ kind: 'unavailable', prefix: 'originals/' })
  const away = await page.open('a.pdf', 10)
  stop()
  assert.deepEqual([away.status, away.code], [503, 'unavailable'])
  assert.equal(await reservedOf(seller), 0n)
  for (let count = 1; count <= 10; count++) assert.equal((await page.open('a.pdf', 10)).status, 201)
  const { page: elsewhere } = await aSender(seller)
  for (const sender of [page, elsewhere]) {
    const { status, code } = await sender.open('a.pdf', 10)
    assert.deepEqual([status, code], [429, 'too_many_uploads'])
  }
  assert.equal(await reservedOf(seller), 10n)
  await db.query(`update upload_sessions set created_at = created_at - interval '1 day' where seller_id = $1`, [seller])
  assert.equal((await page.open('a.pdf', 10)).status, 201)
})

test('a product whose version was verified within the hour takes no new one yet', async () => {
  const product = await aProductOnSale(db)
  await db.query(
    `insert into product_files (product_id, number, object_key, file_name, size_bytes, sha256, content_type, kind, state, checked_at)
     values ($1, 2, new_id()::text, 'a.pdf', 1, repeat('a', 64), 'application/pdf', 'document', 'ready', now())`,
    [product.id],
  )
  const token = await anUploadToken(db, { seller: product.seller, productId: product.id })
  const { status, code } = await new UploadClient(server, token).open('a.pdf', 10)
  assert.deepEqual([status, code], [429, 'too_soon'])
})

test('the page learns whom it works for, and which upload can be gone on with', async () => {
  const { page, seller } = await aSender()
  assert.deepEqual((await page.call('GET', '/api/uploads/link')).json, {
    title: 'A film',
    language: 'en',
    max_size: maxFileBytes,
    upload: null,
  })
  await db.query(`update users set language = 'fr' where id = $1`, [seller])
  const id = await page.opened('Film.mp4', bytes.length)
  const { json } = await page.call('GET', '/api/uploads/link')
  const { expires_at, ...upload } = json['upload'] as Record<string, unknown>
  assert.deepEqual(
    [json['language'], upload],
    ['fr', { id, part_size: partBytes, parts: 3, file_name: 'Film.mp4', size: bytes.length }],
  )
  assert.ok(Date.parse(String(expires_at)) > Date.now())
})

test('a token may call sixty times a minute, on all copies together, and learns when it may again', async () => {
  const { token } = await aSender()
  const began = performance.now()
  const said: number[] = []
  for (let count = 0; count < 40; count++) {
    const copies = [server, otherCopy].map((copy) => new UploadClient(copy, token).look(randomUUID()))
    said.push(...(await Promise.all(copies)).map(({ status }) => status))
  }
  const allowed = said.filter((status) => status === 404).length
  const most = 60 + Math.ceil((performance.now() - began) / 1_000)
  assert.ok(allowed >= 60 && allowed <= most, `${allowed} calls`)
  assert.deepEqual([...new Set(said)].sort(), [404, 429])
  const ask = () =>
    server.inject({ url: `/api/uploads/${randomUUID()}`, headers: { authorization: `Bearer ${token}` } })
  let slowed = await ask()
  while (slowed.statusCode !== 429) slowed = await ask()
  assert.match(String(slowed.headers['retry-after']), /^\d+$/)
})

test('whoever tries out tokens is slowed down', async () => {
  const guess = () =>
    server.inject({
      url: '/api/uploads/link',
      remoteAddress: '203.0.113.7',
      headers: { authorization: `Bearer ${newToken()}` },
    })
  const began = performance.now()
  const said = new Set<number>()
  let guesses = 0
  for (; !said.has(429); guesses += 10) {
    for (const { statusCode } of await Promise.all(Array.from({ length: 10 }, guess))) said.add(statusCode)
  }
  const most = 130 + Math.ceil((performance.now() - began) / 500) // two more a second
  assert.ok(guesses <= most, `${guesses} guesses`)
  assert.deepEqual([...said].sort(), [403, 429])
})

test('wrong methods, unknown paths, wrong bodies and too large ones have their own answers', async () => {
  const { token, page } = await aSender()
  const id = await page.opened('Film.mp4', bytes.length)
  const authorization = `Bearer ${token}`
  const json = { authorization, 'content-type': 'application/json' }
  const statusOf = async (
    method: 'GET' | 'PUT' | 'POST' | 'PATCH',
    url: string,
    payload?: string,
    headers: Record<string, string> = json,
  ) => (await server.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) })).statusCode
  assert.equal(await statusOf('GET', '/api/uploads', undefined, { authorization }), 405)
  assert.equal(await statusOf('PUT', `/api/uploads/${id}`, '{}'), 405)
  assert.equal(await statusOf('GET', `/api/uploads/${id}/parts`, undefined, { authorization }), 405)
  assert.equal(await statusOf('GET', `/api/uploads/${id}/else`, undefined, { authorization }), 404)
  assert.equal(await statusOf('POST', '/api/uploads', '{"file_name":'), 400)
  assert.equal(await statusOf('POST', '/api/uploads', '[]'), 400)
  assert.equal(await statusOf('POST', '/api/uploads', '{"__proto__":{"a":1},"file_name":"a.pdf","size":1}'), 400)
  assert.equal(
    await statusOf('POST', '/api/uploads', 'file_name=a', { authorization, 'content-type': 'text/csv' }),
    415,
  )
  assert.equal(await statusOf('POST', '/api/uploads', JSON.stringify({ file_name: 'a'.repeat(70_000) })), 413)
  assert.equal(await statusOf('POST', `/api/uploads/${id}/complete`, ' '.repeat(1_100_000)), 413)
})

test('no token and no address of a part is ever written to the log', async () => {
  const { token, page } = await aSender()
  const id = await page.opened('Film.mp4', bytes.length)
  await page.parts(id, [1])
  const text = logged.join('')
  assert.ok(text.includes('/api/uploads'))
  assert.ok(!text.includes(token) && !text.includes('X-Amz-Signature') && !text.includes('Bearer'))
})
