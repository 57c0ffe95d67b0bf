import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, rename, writeFile } from 'node:fs/promises'
import { arch, platform } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Logger, pino } from 'pino'
import { openPrivateApt, type Release } from './private-apt.ts'
import { cachedFolder, findOnPath, isThere, toolCache } from './tool-cache.ts'

const run = promisify(execFile)

/** The release the project is pinned to, and its published checksums by system and processor. */
const official = {
  version: '2.14.5',
  sha256: new Map([
    ['linux-x64', '5e3b603d47c447bda1f77f9ac16dbf91c90aac4ff3681f8fbbc7201e4ed99355'],
    ['linux-arm64', '673a98d3faa79dde3f9ebf16d6dfac36a5f694e7ad2015e4954dd7939c85cd4c'],
  ]),
} as const

export type NatsServerBinary = { readonly path: string; readonly version: string }

type Place = { readonly name: string; readonly find: () => Promise<string | undefined> }

/** A real nats-server: the one given, the machine's, or one fetched into the cache. Throws with every reason it failed for. */
export async function findNatsServer({
  cache = toolCache,
  log = pino({ enabled: false }),
}: { cache?: string; log?: Logger } = {}): Promise<NatsServerBinary> {
  const given = process.env['NATS_SERVER']
  if (given !== undefined && given !== '') return describe(given)
  const failures: Error[] = []
  for (const { name, find } of places(cache)) {
    try {
      const path = await find()
      if (path !== undefined) return await describe(path)
    } catch (error) {
      log.info({ err: error, place: name }, 'no nats-server from here')
      failures.push(new Error(`${name}: ${reason(error)}`, { cause: error }))
    }
  }
  const why = failures.map(({ message }) => message).join('; ')
  throw new AggregateError(failures, `No nats-server found. Install one, or name it in NATS_SERVER. Tried: ${why}`)
}

/** Whatever is at hand comes before whatever has to be fetched. */
function places(cache: string): Place[] {
  const fetched: Place[] = [
    { name: `release ${official.version}`, find: () => fromOfficialRelease(cache) },
    { name: 'Debian 13', find: () => fromDebian(cache, { suite: 'trixie' }) },
    { name: "this machine's own packages", find: () => fromDebian(cache, 'own') },
  ]
  return [
    { name: 'PATH', find: () => findOnPath('nats-server') },
    { name: 'cache', find: () => findCached(cache) },
    ...fetched,
  ]
}

async function findCached(cache: string): Promise<string | undefined> {
  for (const folder of [officialFolder, debianFolder({ suite: 'trixie' }), debianFolder('own')]) {
    const path = join(cache, folder, 'nats-server')
    if (await isThere(path)) return path
  }
  return undefined
}

const officialFolder = `nats-server-${official.version}`
const debianFolder = (release: Release): string => `nats-server-debian-${release === 'own' ? 'own' : release.suite}`

async function fromOfficialRelease(cache: string): Promise<string> {
  const system = `${platform()}-${arch()}`
  const sha256 = official.sha256.get(system)
  if (sha256 === undefined) throw new Error(`no checksum is pinned for ${system}`)
  const name = `nats-server-v${official.version}-linux-${arch() === 'x64' ? 'amd64' : 'arm64'}`
  const folder = await cachedFolder(cache, officialFolder, async (made, workDir) => {
    const archive = await download(
      `https://github.com/nats-io/nats-server/releases/download/v${official.version}/${name}.tar.gz`,
    )
    const found = createHash('sha256').update(archive).digest('hex')
    if (found !== sha256) throw new Error(`expected SHA-256 ${sha256}, got ${found}`)
    await writeFile(join(workDir, 'archive.tar.gz'), archive)
    await run('tar', ['-xzf', join(workDir, 'archive.tar.gz'), '-C', workDir])
    await rename(join(workDir, name, 'nats-server'), join(made, 'nats-server'))
    await describe(join(made, 'nats-server'))
  })
  return join(folder, 'nats-server')
}

async function download(url: string): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) })
  if (!response.ok) throw new Error(`expected 200 from ${new URL(url).host}, got ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}

async function fromDebian(cache: string, release: Release): Promise<string> {
  if ((await findOnPath('apt-get')) === undefined) throw new Error('this is no Debian system')
  const folder = await cachedFolder(cache, debianFolder(release), async (made, workDir) => {
    const apt = await openPrivateApt({ workDir: join(workDir, 'apt'), release })
    await apt.extract(['nats-server'], join(workDir, 'root'))
    for (const place of ['usr/sbin', 'usr/bin']) {
      const found = join(workDir, 'root', place, 'nats-server')
      if (await isThere(found)) await cp(found, join(made, 'nats-server'))
    }
    await describe(join(made, 'nats-server'))
  })
  return join(folder, 'nats-server')
}

/** A binary that cannot say its version is none for this machine. */
async function describe(path: string): Promise<NatsServerBinary> {
  try {
    const { stdout } = await run(path, ['--version'], { timeout: 10_000 })
    const version = /v?(\d+\.\d+\.\d+)/.exec(stdout)?.[1]
    if (version === undefined) throw new Error(`expected a version, got ${JSON.stringify(stdout.trim())}`)
    return { path, version }
  } catch (error) {
    throw new Error(`${path} does not run as nats-server`, { cause: error })
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { stderr } = error as { stderr?: string }
  const last = stderr?.trim().split('\n').at(-1)
  const below = error.cause instanceof Error ? ` (${reason(error.cause)})` : ''
  return (last === undefined || last === '' ? error.message : last) + below
}

if (import.meta.main) {
  const { path, version } = await findNatsServer({ log: pino() })
  console.log(`${path} ${version}`)
}
