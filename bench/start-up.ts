import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from '../sandbox/infra/until.ts'
import { findPorts } from '../sandbox/ports.ts'
import { type World } from '../sandbox/world.ts'
import { percentile } from '../test/faults/chaos/figures.ts'
import { openClosing } from './ending.ts'
import { openOutside } from './outside.ts'
import { type Result } from './result.ts'

const rounds = 3
const root = join(import.meta.dirname, '..')
const services = 5

type Start = { readonly world: World; readonly folder: string; readonly port: number; readonly compiled: string }

/**
 * From `npm run services` to an `ok` of /health, which all five services answer for: with compiled code from the start
 * before, and on a machine that has none. Nobody can start that many processes sooner than Node starts with nothing to do.
 */
export async function startUp(): Promise<Result[]> {
  const closing = openClosing()
  try {
    const { world, folder } = await openOutside(closing)
    const port = await findPorts(24_000, services)
    const [warm, cold, bare]: [number[], number[], number[]] = [[], [], []]
    const compiled = join(folder, 'compiled')
    await timeStart({ world, folder, port, compiled }) // compiles
    for (let round = 0; round < rounds; round++) {
      const empty = await mkdtemp(join(folder, 'compiled-'))
      bare.push(await timeBare())
      warm.push(await timeStart({ world, folder, port, compiled }))
      cold.push(await timeStart({ world, folder, port, compiled: empty }))
    }
    return [line('as the second time', warm, bare), line('the first time', cold, bare)]
  } finally {
    await closing.close()
  }
}

async function timeStart({ world, folder, port, compiled }: Start): Promise<number> {
  await world.db.query('delete from service_heartbeats') // else those of the start before count as heard
  const home = join(folder, 'pm2')
  await mkdir(home, { recursive: true })
  const began = performance.now()
  const child = spawn('npm', ['run', 'services', '--silent'], {
    cwd: root,
    stdio: 'ignore',
    env: { ...shellOnly(), ...world.environment, PORT: String(port), PM2_HOME: home, NODE_COMPILE_CACHE: compiled },
  })
  try {
    await until(() => isOk(port), 120_000)
    return (performance.now() - began) / 1000
  } finally {
    await stop(child, home)
    await rm(home, { recursive: true, force: true })
  }
}

/** Nothing of a pm2 or an npm above us. */
const shellOnly = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], HOME: process.env['HOME'] })

async function isOk(port: number): Promise<true | undefined> {
  const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2_000) })
  const { status } = (await answer.json()) as { status: string }
  return status === 'ok' ? true : undefined
}

/** pm2 ends the services and then itself; npm ends after it. */
async function stop(child: ChildProcess, home: string): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  const pid = await readFile(join(home, 'pm2.pid'), 'utf8').catch(() => String(child.pid)) // before there is a pm2
  process.kill(Number(pid), 'SIGINT')
  await ended
}

/** As many bare processes in the same order: npm, what compiles, pm2, and then the five at once. */
async function timeBare(): Promise<number> {
  const began = performance.now()
  for (let step = 0; step < 3; step++) await startNothing()
  await Promise.all(Array.from({ length: services }, startNothing))
  return (performance.now() - began) / 1000
}

async function startNothing(): Promise<void> {
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit')
}

const line = (when: string, ours: readonly number[], bare: readonly number[]): Result => ({
  what: `\`npm run services\` until all is well, ${when}`,
  unit: 's',
  ours: percentile(ours, 0.5),
  limit: { of: 'eight times `node -e 0` in the same order', value: percentile(bare, 0.5) },
})
