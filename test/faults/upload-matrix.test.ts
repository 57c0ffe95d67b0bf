import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { freePort } from '../../sandbox/infra/free-port.ts'
import { until } from '../../sandbox/infra/until.ts'
import { startWorld, type World } from '../../sandbox/world.ts'
import { findQuota } from '../../shared/db/quotas.ts'
import { failpoints } from '../../shared/runtime/failpoint.ts'
import { aDraftToFill, type DraftToFill } from '../../shared/testing/an-upload.ts'
import { createTestDatabaseConfig } from '../../shared/testing/database.ts'
import { sha256Of } from '../../shared/testing/upload-client.ts'
import { services, untilReady } from './processes.ts'
import { type ServiceProcess, startProcess } from './service-process.ts'

/**
 * Every step of the upload page, with two copies of media: one dies there, the page goes on with the other. FAULT_MATRIX=full
 * tries them all, and the steps of the verification that follows; otherwise one.
 */
const isFull = process.env['FAULT_MATRIX'] === 'full'
const passed = failpoints.filter((point) => point.startsWith('media.upload-'))
const verified = ['media.file-claimed', 'media.file-inspected', 'media.file-marked'] as const
const points = isFull ? [...passed, ...verified] : ['media.upload-joined']

const withinMs = 120_000
const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(200_000)])

describe(
  'a file of the upload page arrives once, whichever copy of media dies on its way',
  { timeout: 3_600_000 },
  () => {
    let folder: string
    let world: World

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'comptoir-upload-matrix-'))
      const database = await createTestDatabaseConfig({ after })
      world = await startWorld({ database, products: [], without: services })
    })

    after(async () => {
      await world.close()
      await rm(folder, { recursive: true, force: true })
    })

    for (const point of points) {
      test(`the file is whole after a death at ${point}`, { timeout: 240_000 }, async (t) => {
        const arming = { FAILPOINT: `${point}:kill`, FAILPOINT_REPORT: join(folder, point) }
        const copies = await Promise.all([1, 2].map(() => startCopy(world, arming)))
        t.after(() => Promise.all(copies.map((copy) => copy.stop())))
        const draft = await aDraftToFill(world.db)
        await new Page(copies, draft.token).send(bytes)
        await until(() => isSold(world, draft), withinMs)
        assert.ok(existsSync(join(folder, point)), 'one of them died there')
        await assertArrivedOnce(world, draft)
        // parts the bucket was asked for a moment before nobody knows of; the janitor frees them after two days
        const nobodys = point === 'media.upload-begun' ? 1 : 0
        assert.equal((await unfinished(world, draft)).length, nobodys)
      })
    }
  },
)

type Copy = { readonly url: string; stop(): Promise<void> }

async function startCopy({ environment }: World, arming: NodeJS.ProcessEnv): Promise<Copy> {
  const port = await freePort()
  const running: ServiceProcess = startProcess('media', { ...environment, ...arming, PORT: String(port) })
  await untilReady(port)
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      running.signal('SIGKILL')
      await running.ended
    },
  }
}

/** The upload page, as far as the network sees it: what fails it asks again, of whoever answers. */
class Page {
  readonly #copies: readonly Copy[]
  readonly #token: string

  constructor(copies: readonly Copy[], token: string) {
    this.#copies = copies
    this.#token = token
  }

  async send(bytes: Buffer): Promise<void> {
    const { id } = await this.#call<{ id: string }>('', { file_name: 'book.pdf', size: bytes.length })
    const { urls } = await this.#call<{ urls: { url: string }[] }>(`/${id}/parts`, { numbers: [1] })
    const answer = await fetch(urls[0]?.url ?? '', { method: 'PUT', body: new Uint8Array(bytes) })
    const etag = answer.headers.get('etag') ?? assert.fail('the part was not taken')
    await this.#call(`/${id}/complete`, { parts: [{ number: 1, etag }], sha256: sha256Of(bytes) })
  }

  async #call<Answer>(path: string, body: object): Promise<Answer> {
    return until(async () => {
      for (const { url } of this.#copies) {
        const answer = await this.#ask(`${url}/api/uploads${path}`, body)
        if (answer?.ok === true) return (await answer.json()) as Answer
      }
      return undefined
    }, withinMs)
  }

  /** Nothing when nobody answers. */
  async #ask(url: string, body: object): Promise<Response | undefined> {
    const headers = { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' }
    return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) }).catch(() => undefined)
  }
}

async function isSold({ db }: World, { productId }: DraftToFill): Promise<true | undefined> {
  const { rowCount } = await db.query(
    `select from products p join product_files f on f.id = p.current_file_id where p.id = $1 and f.state = 'ready'`,
    [productId],
  )
  return rowCount === 1 ? true : undefined
}

/** One file, whole, with the room it takes counted once; nothing else is stored for the product. */
async function assertArrivedOnce({ db, store }: World, { seller, productId }: DraftToFill): Promise<void> {
  const { rows } = await db.query<{ key: string; number: number; sha256: string }>(
    `select object_key as key, number, sha256 from product_files where product_id = $1`,
    [productId],
  )
  const [file, ...others] = rows
  assert.deepEqual([file?.number, file?.sha256, others], [1, sha256Of(bytes), []])
  const keys: string[] = []
  for await (const { key } of store.list(`originals/${productId}/`)) keys.push(key)
  assert.deepEqual(keys, [file?.key])
  assert.equal((await store.digest(keys[0] ?? '')).sha256, sha256Of(bytes))
  const quota = await findQuota(db, seller)
  assert.deepEqual([quota?.usedBytes, quota?.reservedBytes], [BigInt(bytes.length), 0n])
  const { rows: told } = await db.query(`select kind from notices where person_id = $1 order by kind`, [seller])
  assert.deepEqual(told, [{ kind: 'file received' }])
}

async function unfinished({ store }: World, { productId }: DraftToFill): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.listMultiparts(`originals/${productId}/`)) keys.push(key)
  return keys
}
