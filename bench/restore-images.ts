import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { pino } from 'pino'
import { type RepairMediaDeps } from '../services/media/repair-media.ts'
import { syncPictures } from '../services/media/sync-pictures.ts'
import { type BucketSettings, openObjectStore } from '../shared/storage/object-store.ts'
import { aProductOnSale } from '../shared/testing/a-shop.ts'
import { createTestDatabase } from '../shared/testing/database.ts'
import { openClosing } from './ending.ts'
import { openBare } from './bucket/open-bare.ts'
import { startBucket } from './bucket/start-bucket.ts'
import { type Result } from './result.ts'

const products = 500 // a cover and a thumbnail each
const atOnce = 4
const rounds = 3
const log = pino({ enabled: false })
const never = new AbortController().signal

/** All pictures brought back from the bucket to an empty disk, against the same objects copied by the bare S3 client, flushed to disk. */
export async function restoreImages(): Promise<Result[]> {
  const closing = openClosing()
  try {
    const folder = await mkdtemp(join(tmpdir(), 'comptoir-bench-'))
    closing.after(() => rm(folder, { recursive: true, force: true }))
    const bucket = await startBucket(join(folder, 'bucket'))
    closing.after(() => bucket.stop())
    const store = openObjectStore(bucket.settings, log)
    closing.after(() => {
      store.close()
      return Promise.resolve()
    })
    const db = await createTestDatabase(closing)
    for (let index = 0; index < products; index++) await aProductOnSale(db, { title: `Product ${index}` })
    const deps = { db, bucket: store, log, dataDir: join(folder, 'data') }
    await syncPictures(deps, never) // draws each, on both sides
    const [rates, limits]: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds; round++) {
      limits.push(await perSecond(() => copyAll(bucket.settings, join(folder, `copy-${round}`))))
      rates.push(await perSecond(() => restore(deps)))
    }
    const limit = { of: 'the bare S3 client, 4 at a time, each file flushed', value: Math.max(...limits) }
    return [
      {
        what: 'Pictures restored to an empty disk',
        unit: 'pictures/s',
        ours: Math.max(...rates),
        limit,
        target: { ratio: 0.9 },
      },
    ]
  } finally {
    await closing.close()
  }
}

async function perSecond(work: () => Promise<number>): Promise<number> {
  const began = performance.now()
  const count = await work()
  return (count * 1000) / (performance.now() - began)
}

async function restore(deps: RepairMediaDeps): Promise<number> {
  await rm(deps.dataDir, { recursive: true, force: true })
  const { fetched } = await syncPictures(deps, never)
  if (fetched !== 2 * products) throw new Error(`Expected ${2 * products} pictures back, got ${fetched}`)
  return fetched
}

async function copyAll(settings: BucketSettings, folder: string): Promise<number> {
  const client = openBare(settings)
  const { Contents: objects = [] } = await client.send(
    new ListObjectsV2Command({ Bucket: settings.bucket, MaxKeys: 1000 }),
  )
  const keys = objects.flatMap(({ Key }) => Key ?? []).filter((key) => key.endsWith('.jpg'))
  const left = [...keys]
  const work = async (): Promise<void> => {
    for (let key = left.shift(); key !== undefined; key = left.shift()) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: settings.bucket, Key: key }))
      await writeFlushed(join(folder, key), (await Body?.transformToByteArray()) ?? new Uint8Array())
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  client.destroy()
  return keys.length
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const file = await open(path, 'w')
  await file.writeFile(bytes)
  await file.sync()
  await file.close()
}
