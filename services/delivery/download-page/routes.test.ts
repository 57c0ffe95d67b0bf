import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { insertDownloadLink } from '../../../shared/db/download-links.ts'
import { isDatabaseAway, openPool } from '../../../shared/db/pool.ts'
import { databaseFromUrl } from '../../../shared/runtime/settings.ts'
import { createServer } from '../../../shared/web/http-server.ts'
import { aBucket } from '../../../shared/testing/a-bucket.ts'
import { anOwnedOrder, aProductOnSale, type OpenOrder } from '../../../shared/testing/a-shop.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { downloadRoutes } from './routes.ts'
import { hashToken } from '../../../shared/web/link-token.ts'

const log = pino({ enabled: false })
const db = await createTestDatabase({ after })
const bucket = await aBucket({ after })
const server = await createServer({
  log,
  health: () => Promise.resolve({ status: 'ok', service: 'delivery', version: 'test', checks: {} }),
  isAway: isDatabaseAway,
})
downloadRoutes(server, { db, bucket: bucket.store, log })

const bytes = randomBytes(1_000)
const look = (token: string, method: 'GET' | 'HEAD' = 'GET') => server.inject({ method, url: `/d/${token}` })
const press = (token: string) =>
  server.inject({
    method: 'POST',
    url: `/d/${token}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'anything=goes',
  })

type Link = OpenOrder & { readonly token: string; readonly key: string }

/** A link to a file in the bucket. */
async function aLink(order?: OpenOrder): Promise<Link> {
  const product = await aProductOnSale(db, { title: '<b>A & "B"</b>' })
  const owned = await anOwnedOrder(db, product, order === undefined ? {} : { buyer: order.buyer })
  const { rows } = await db.query<{ key: string }>(
    `update product_files set file_name = 'Modèle « 1 ».pdf' where id = $1 returning object_key as "key"`,
    [product.fileId],
  )
  const key = rows[0]?.key ?? ''
  await bucket.store.put(key, bytes, { contentType: 'application/pdf' })
  const token = randomBytes(32).toString('base64url')
  const link = { tokenHash: hashToken(token), orderId: owned.id, fileId: product.fileId, lifetimeMs: 3_600_000 }
  await insertDownloadLink(db, link)
  return { ...owned, token, key }
}

async function usesOf({ token }: Link) {
  const { rows } = await db.query(
    `select l.uses, o.download_count as "count", (select count(*)::int from downloads where link_id = l.id) as rows
       from download_links l join orders o on o.id = l.order_id where l.token_hash = $1`,
    [hashToken(token)],
  )
  return rows[0]
}

const change = ({ token }: Link, set: string) =>
  db.query(`update download_links set ${set} where token_hash = $1`, [hashToken(token)])

test('looking at a link shows the file and one button, and changes nothing', async () => {
  const link = await aLink()
  for (const method of ['GET', 'HEAD', 'GET'] as const) assert.equal((await look(link.token, method)).statusCode, 200)
  const { body, headers } = await look(link.token)
  assert.ok(body.includes('Modèle « 1 ».pdf') && body.includes('a'.repeat(64)))
  assert.equal(body.match(/<button/g)?.length, 1)
  assert.equal(headers['referrer-policy'], 'no-referrer')
  assert.equal(headers['cache-control'], 'no-store')
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.match(String(headers['content-security-policy']), /default-src 'none'.*frame-ancestors 'none'/)
  assert.deepEqual(await usesOf(link), { uses: 0, count: 0, rows: 0 })
})

test('a title with markup is shown as it was written', async () => {
  const link = await aLink()
  await db.query(`update orders set title = $2 where id = $1`, [link.id, '<script>alert(1)</script> & "more"'])
  const { body } = await look(link.token)
  assert.ok(!body.includes('<script>'))
  assert.ok(body.includes('&lt;script&gt;'))
})

test('a press counts once and leads to the very bytes, under their own name', async () => {
  const link = await aLink()
  const { statusCode, headers } = await press(link.token)
  assert.equal(statusCode, 303)
  assert.equal(headers['cache-control'], 'no-store')
  const file = await fetch(String(headers.location))
  assert.deepEqual(Buffer.from(await file.arrayBuffer()), bytes)
  assert.match(file.headers.get('content-disposition') ?? '', /^attachment;.*Mod%C3%A8le/)
  assert.deepEqual(await usesOf(link), { uses: 1, count: 1, rows: 1 })
})

test('a link is good for ten uses, counted exactly when many press at once', async () => {
  const link = await aLink()
  await change(link, `uses = 7`)
  const codes = (await Promise.all(Array.from({ length: 8 }, () => press(link.token)))).map(
    ({ statusCode }) => statusCode,
  )
  assert.equal(codes.filter((code) => code === 303).length, 3)
  assert.equal(codes.filter((code) => code === 410).length, 5)
  assert.deepEqual(await usesOf(link), { uses: 10, count: 3, rows: 3 })
  assert.match((await look(link.token)).body, /used as often/)
})

const closings: readonly (readonly [what: string, close: (link: Link) => Promise<unknown>, words: RegExp])[] = [
  ['that expired', (link) => change(link, `expires_at = now()`), /has expired/],
  ['that was revoked', (link) => change(link, `revoked_at = now()`), /refunded/],
  [
    'whose order was refunded',
    (link) => db.query(`update entitlements set ended_at = now() where order_id = $1`, [link.id]),
    /refunded/,
  ],
]

for (const [what, close, words] of closings) {
  test(`a link ${what} says so, and how to have another`, async () => {
    const link = await aLink()
    await close(link)
    for (const answer of [await look(link.token), await press(link.token)]) {
      assert.equal(answer.statusCode, 410)
      assert.match(answer.body, words)
      assert.match(answer.body, /library/)
    }
    assert.deepEqual(await usesOf(link), { uses: 0, count: 0, rows: 0 })
  })
}

test('a link nobody made looks like any other that does not exist', async () => {
  const unknown = randomBytes(32).toString('base64url')
  for (const token of [unknown, 'short', `${unknown}x`, '%00', `${unknown.slice(1)}%2F`]) {
    assert.equal((await look(token)).statusCode, 404, token)
    assert.equal((await press(token)).statusCode, 404, token)
  }
})

test('the eleventh download within an hour waits for as long as it says, on any of a person’s links', async () => {
  const first = await aLink()
  const link = await aLink(first)
  await db.query(
    `insert into downloads (order_id, method, at)
     select $1, 'link', now() - interval '59 minutes' + n * interval '1 minute' from generate_series(1, 10) n`,
    [first.id],
  )
  const { statusCode, headers, body } = await press(link.token)
  assert.equal(statusCode, 429)
  const seconds = Number(headers['retry-after'])
  assert.ok(seconds > 100 && seconds <= 120, `${seconds} s`)
  assert.match(body, /Too many downloads/)
  assert.deepEqual(await usesOf(link), { uses: 0, count: 0, rows: 0 })
})

test('two downloads begun at the same moment do not share the last place of the hour', async () => {
  const first = await aLink()
  const second = await aLink(first)
  await db.query(`insert into downloads (order_id, method) select $1, 'link' from generate_series(1, 9)`, [first.id])
  const codes = (await Promise.all([first, second].map(({ token }) => press(token)))).map(
    ({ statusCode }) => statusCode,
  )
  assert.deepEqual(codes.sort(), [303, 429])
})

test('a download that broke off goes on where it was', async () => {
  const link = await aLink()
  const { headers } = await press(link.token)
  const rest = await fetch(String(headers.location), { headers: { range: 'bytes=400-' } })
  assert.equal(rest.status, 206)
  assert.deepEqual(Buffer.from(await rest.arrayBuffer()), bytes.subarray(400))
})

test('who looks at pages without end is asked to wait, and nobody else is', async () => {
  const link = await aLink()
  const from = (address: string) =>
    server.inject({ url: `/d/${link.token}`, headers: { 'x-forwarded-for': address }, remoteAddress: '127.0.0.1' })
  // no time goes by for them, however long the machine takes
  await db.query(
    `insert into rate_buckets (key, tokens, updated_at) values ('page:203.0.113.9', 1.5, now() + interval '1 hour')`,
  )
  assert.equal((await from('203.0.113.9')).statusCode, 200)
  await db.query(`update rate_buckets set updated_at = now() + interval '1 hour' where key = 'page:203.0.113.9'`)
  const refused = await from('203.0.113.9')
  assert.equal(refused.statusCode, 429)
  assert.equal(refused.headers['retry-after'], '60')
  assert.match(refused.body, /Réessayez[^]*Please try again/)
  assert.equal((await from('203.0.113.10')).statusCode, 200)
})

test('while the database is away a page says so to people, and when to come back', async () => {
  const away = await createServer({
    log,
    health: () => Promise.resolve({ status: 'down', service: 'delivery', version: 'test', checks: {} }),
    isAway: isDatabaseAway,
  })
  const gone = openPool({ ...databaseFromUrl('postgres://nobody@127.0.0.1:1/none'), sslMode: 'disable' }, log)
  after(() => gone.end())
  downloadRoutes(away, { db: gone, bucket: bucket.store, log })
  const url = `/d/${randomBytes(32).toString('base64url')}`
  for (const method of ['GET', 'POST'] as const) {
    const { statusCode, headers, body } = await away.inject({ method, url })
    assert.deepEqual([statusCode, headers['retry-after']], [503, '60'])
    assert.match(String(headers['content-type']), /text\/html/)
    assert.match(String(headers['content-security-policy']), /default-src 'none'/)
    assert.match(body, /Réessayez[^]*Please try again/)
  }
})

test('a file the bucket cannot give just now is not counted as downloaded', async () => {
  const link = await aLink()
  const stop = bucket.running.faults.inject({ kind: 'unavailable', on: 'head' })
  try {
    const { statusCode, headers } = await press(link.token)
    assert.equal(statusCode, 503)
    assert.equal(headers['retry-after'], '60')
  } finally {
    stop()
  }
  await bucket.store.remove(link.key)
  assert.equal((await press(link.token)).statusCode, 503)
  assert.deepEqual(await usesOf(link), { uses: 0, count: 0, rows: 0 })
})

test('whoever finds an original missing hears that a person is on it, and the product is sold no more', async () => {
  const link = await aLink()
  await bucket.store.remove(link.key)
  const answers = [await press(link.token), await press(link.token)]
  for (const { statusCode, body } of answers) {
    assert.equal(statusCode, 503)
    assert.match(body, /A person is on it/)
  }
  const { rows } = await db.query(
    `select p.status, (select count(*)::int from outbox where dedupe_key = 'file:' || p.current_file_id) as alerts
       from orders o join products p on p.id = o.product_id where o.id = $1`,
    [link.id],
  )
  assert.deepEqual(rows, [{ status: 'inactive', alerts: 1 }])
})

test('another method is refused, and tells which ones there are', async () => {
  const link = await aLink()
  const { statusCode, headers } = await server.inject({ method: 'DELETE', url: `/d/${link.token}` })
  assert.equal(statusCode, 405)
  assert.match(String(headers.allow), /GET.*POST|POST.*GET/)
})
