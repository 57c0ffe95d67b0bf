import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { isDatabaseAway } from '../../../shared/db/pool.ts'
import { createTestDatabase } from '../../../shared/testing/database.ts'
import { createServer } from '../../../shared/web/http-server.ts'
import { pageRoutes } from './page-routes.ts'

const db = await createTestDatabase({ after })
const server = await createServer({
  log: pino({ enabled: false }),
  health: () => Promise.resolve({ status: 'ok', service: 'media', version: 'test', checks: {} }),
  isAway: isDatabaseAway,
})
await pageRoutes(server, { db, bucketOrigin: 'https://s3.example' })
const page = await server.inject('/u')

test('the upload page loads nothing but its own files, talks to us and the bucket alone, and stands in no frame', () => {
  assert.equal(page.statusCode, 200)
  assert.match(String(page.headers['content-type']), /^text\/html/)
  const policy = String(page.headers['content-security-policy'])
  for (const rule of [
    "default-src 'none'",
    "script-src 'self'",
    "connect-src 'self' https://s3.example",
    "frame-ancestors 'none'",
  ]) {
    assert.ok(policy.split('; ').includes(rule), rule)
  }
  assert.ok(!policy.includes('unsafe'))
  assert.equal(page.headers['x-content-type-options'], 'nosniff')
  assert.equal(page.headers['referrer-policy'], 'no-referrer')
  assert.deepEqual(page.body.match(/https?:\/\//g), null)
})

test('every file of the page is found under a name that changes with it, and may be kept for ever', async () => {
  const seen = new Set<string>()
  const waiting = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map((found) => found[1] ?? '')
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    assert.match(path, /^\/static\/upload-[0-9a-f]{16}\/[\w./-]+$/)
    const asset = await server.inject(path)
    assert.equal(asset.statusCode, 200, path)
    assert.match(String(asset.headers['cache-control']), /immutable/)
    if (!path.endsWith('.js')) continue
    assert.match(String(asset.headers['content-type']), /^text\/javascript/)
    const imports = asset.body.matchAll(/^(?:import|export) .*?from ['"]([^'"]+)['"]|new URL\('([^']+\.js)'/gm)
    for (const [, imported, loaded] of imports)
      waiting.push(new URL(imported ?? loaded ?? '', `http://x${path}`).pathname)
  }
  assert.ok(
    [...seen].some((path) => path.endsWith('/hashes/crypto.js')),
    [...seen].join(' '),
  )
})

test('whatever is not a file of the page does not exist', async () => {
  for (const path of [
    '/static/',
    '/static/page.js',
    '/static/upload-1/page.js',
    '/static/../package.json',
    '/static/%2e%2e/page.html',
    '/u/x',
  ]) {
    assert.equal((await server.inject(path)).statusCode, 404, path)
  }
  assert.equal((await server.inject({ method: 'POST', url: '/u' })).statusCode, 405)
})
