import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FastifyInstance } from 'fastify'
import { type Database } from '../../../shared/db/pool.ts'
import { HttpError } from '../../../shared/web/errors.ts'
import { limitAddress } from './authorize.ts'

export type PageRoutesDeps = {
  readonly db: Database
  /** Where the page sends parts to. */
  readonly bucketOrigin: string
}

const year = 365 * 24 * 3_600

/** `/u` and what it is made of. The page says nothing of anybody: the token stays in the address's fragment. */
export async function pageRoutes(server: FastifyInstance, { db, bucketOrigin }: PageRoutesDeps): Promise<void> {
  const { html, assets } = await readPage()
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${bucketOrigin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

  server.get('/u', async (request, reply) => {
    await limitAddress(db, request)
    return reply
      .type('text/html; charset=utf-8')
      .headers({ 'content-security-policy': policy, 'cache-control': 'no-cache', 'x-robots-tag': 'noindex' })
      .send(html)
  })
  server.get<{ Params: { '*': string } }>('/static/*', (request, reply) => {
    const asset = assets.get(request.params['*'])
    if (asset === undefined) throw new HttpError(404, 'not_found', 'There is nothing here')
    return reply
      .type(asset.type)
      .headers({ 'content-security-policy': policy, 'cache-control': `public, max-age=${year}, immutable` })
      .send(asset.bytes)
  })
}

type Asset = { readonly type: string; readonly bytes: Buffer }

const folder = fileURLToPath(new URL('static', import.meta.url))
const library = dirname(fileURLToPath(import.meta.resolve('@noble/hashes/sha2')))
/** What our worker needs of the library, and where it finds it beside itself. */
const libraryFiles = ['sha2.js', '_md.js', '_u64.js', 'utils.js', 'crypto.js']

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Everything lies under a name made of all contents: what changes has another address, and may be kept for ever. */
async function readPage(): Promise<{ html: string; assets: ReadonlyMap<string, Asset> }> {
  const own = (await readdir(folder)).filter((name) => extname(name) in types).sort()
  const files = await Promise.all([
    ...own.map(async (name) => [name, await readFile(join(folder, name))] as const),
    ...libraryFiles.map(async (name) => [`hashes/${name}`, await readLibrary(name)] as const),
  ])
  const hash = createHash('sha256')
  for (const [name, bytes] of files) hash.update(name).update(bytes)
  const base = `upload-${hash.digest('hex').slice(0, 16)}`
  const html = (await readFile(join(folder, 'page.html'), 'utf8')).replaceAll('{{static}}', `/static/${base}`)
  const assets = files.map(([name, bytes]) => [`${base}/${name}`, { type: types[extname(name)] ?? '', bytes }] as const)
  return { html, assets: new Map(assets) }
}

/** Browsers do not know packages by name: the one file that asks for one is told where it lies. */
async function readLibrary(name: string): Promise<Buffer> {
  const text = await readFile(join(library, name), 'utf8')
  return Buffer.from(text.replaceAll(`'@noble/hashes/crypto'`, `'./crypto.js'`))
}
