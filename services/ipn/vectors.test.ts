import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { isDatabaseAway } from '../../shared/db/pool.ts'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { createServer, listen } from '../../shared/web/http-server.ts'
import { keepTogether } from './keep-together.ts'
import { notificationRoute } from './server.ts'

type Vector = {
  readonly id: string
  readonly secret: string
  readonly header: string
  readonly verdict: 'accept' | 'reject'
  readonly body?: string
  readonly body_base64?: string
}

const vectorsFile = new URL('../../../shared/data/ipn-vectors.json', import.meta.url)
const withoutVectors = existsSync(vectorsFile) ? false : 'the shared vectors are not on this machine'

const log = pino({ enabled: false })
const db = await createTestDatabase({ after })
const ports = new Map<string, number>()

/** A receiver on a port of its own that knows this secret. */
async function receiverFor(secret: string): Promise<number> {
  const known = ports.get(secret)
  if (known !== undefined) return known
  const health = () => Promise.resolve({ status: 'ok', service: 'ipn', version: 'test', checks: {} } as const)
  const server = await createServer({ log, health, isAway: isDatabaseAway })
  after(() => server.close())
  notificationRoute(server, { keep: keepTogether(db).keep, ipnSecrets: [secret], log, onKept: () => undefined })
  const port = await listen(server, { host: '127.0.0.1', port: 0 })
  ports.set(secret, port)
  return port
}

const bodyOf = ({ body, body_base64: encoded = '' }: Vector): Buffer =>
  body === undefined ? Buffer.from(encoded, 'base64') : Buffer.from(body)

async function post(vector: Vector): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    connection: 'close',
    ...(vector.header === '' ? {} : { 'x-nowpayments-sig': vector.header }),
  }
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const port = await receiverFor(vector.secret)
  request({ host: '127.0.0.1', port, path: '/ipn/nowpayments', method: 'POST', headers }, (answer) => {
    answer.resume()
    resolve(answer.statusCode ?? 0)
  })
    .on('error', reject)
    .end(bodyOf(vector))
  return promise
}

const countKept = async (): Promise<number> =>
  (await db.query<{ count: number }>(`select count(*)::integer as count from payment_events`)).rows[0]?.count ?? 0

/** What is no JSON object is the caller's mistake; without a secret nobody can tell; all else is a bad signature. */
function expectedStatus({ verdict, secret, id }: Vector): readonly number[] {
  if (verdict === 'accept') return [200]
  if (secret.trim() === '') return [503]
  return id.startsWith('h') || id === 'x06-no-header' ? [401] : [400, 401]
}

test(
  'the receiver answers every shared vector over HTTP as it asks, and keeps what it accepted and nothing else',
  {
    skip: withoutVectors,
  },
  async () => {
    const { vectors } = JSON.parse(readFileSync(vectorsFile, 'utf8')) as { readonly vectors: readonly Vector[] }
    const accepted = new Set<string>()
    for (const vector of vectors) {
      const status = await post(vector)
      assert.ok(expectedStatus(vector).includes(status), `${vector.id}: ${status}`)
      if (vector.verdict === 'accept') accepted.add(bodyOf(vector).toString('utf8'))
      assert.equal(await countKept(), accepted.size, vector.id)
    }
    const { rows } = await db.query<{ raw: string }>(`select raw from payment_events`)
    assert.deepEqual(new Set(rows.map(({ raw }) => raw)), accepted)
  },
)
