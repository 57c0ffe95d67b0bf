import { mkdir } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { type Logger, pino } from 'pino'
import { tryLock } from './process-lock.ts'
import { Faults } from './s3/faults.ts'
import { type BucketServer, handleRequest } from './s3/handle-request.ts'
import { UploadStore } from './s3/upload-store.ts'
import { VersionStore } from './s3/version-store.ts'

export type BucketOptions = {
  /** Holds the objects; kept between runs, made when missing. */
  readonly dir: string
  readonly port?: number
  readonly accessKey: string
  readonly secretKey: string
  readonly bucket: string
  readonly faults?: Faults
  /** Whose pages may send parts; anybody's unless told. */
  readonly allowedOrigins?: readonly string[]
  readonly log?: Logger
}

export type RunningBucket = {
  readonly endpoint: string
  readonly port: number
  readonly faults: Faults
  readonly stop: () => Promise<void>
}

/** One S3 bucket on 127.0.0.1, kept in a folder; checks signatures and digests, and keeps versions as B2 does. */
export async function startObjectStore(options: BucketOptions): Promise<RunningBucket> {
  const dir = resolve(options.dir)
  await mkdir(dir, { recursive: true })
  const lock = await tryLock(join(dir, 'owner'))
  if (lock.kind === 'taken') throw new Error(`Another sandbox (process ${lock.pid}) already uses ${dir}; stop it first`)
  try {
    const bucket = await openBucket(options, dir)
    const server = await listen(bucket, options.port ?? 0)
    const { port } = server.address() as AddressInfo
    const stop = (): Promise<void> => close(server).finally(lock.release)
    return { endpoint: `http://127.0.0.1:${port}`, port, faults: bucket.faults, stop }
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function openBucket(options: BucketOptions, dir: string): Promise<BucketServer> {
  const { bucket, accessKey, secretKey, allowedOrigins = ['*'] } = options
  const { faults = new Faults(), log = pino({ enabled: false }) } = options
  const [versions, uploads] = [new VersionStore(dir), new UploadStore(dir)]
  await Promise.all([versions.open(), uploads.open()])
  return { bucket, credentials: { accessKey, secretKey }, versions, uploads, faults, allowedOrigins, log }
}

async function listen(bucket: BucketServer, port: number): Promise<Server> {
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    void handleRequest(bucket, request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return server
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  await closed
}
