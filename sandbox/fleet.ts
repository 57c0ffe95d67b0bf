import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Logger } from 'pino'
import { endLeftover } from './infra/leftover.ts'

export const services = ['ipn', 'bot', 'delivery', 'media', 'janitor'] as const
export type ServiceName = (typeof services)[number]

export type Fleet = {
  /** Process numbers by service, as pm2 knows them. */
  pids(): Promise<Map<string, number>>
  /** Proportional set size of all five together and each, in bytes; undefined where the system does not tell. */
  memory(): Promise<number | undefined>
  /** Resolves when every service is ready, and rejects when that will not be. */
  readonly ready: Promise<void>
  /** Resolves when the fleet ends without having been stopped. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

export type FleetOptions = {
  readonly root: string
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  /** The public port; the other services listen right after it. */
  readonly port: number
  readonly log: Logger
  readonly onReady?: (name: ServiceName) => void
}

/** Starts the five services under pm2 as a host would; `ready` resolves when each of them says it is. */
export async function launchFleet(options: FleetOptions): Promise<Fleet> {
  const home = homeIn(options.folder)
  await mkdir(home, { recursive: true })
  const child = launch(options, home)
  const exited = once(child, 'exit')
  const ready = Promise.race([allReady(options, exited), failedToStart(exited, options)])
  ready.catch(() => undefined) // whoever awaits it hears of it
  return { ...manage(child, exited, home), ready }
}

/** Ends what a sandbox that was killed left running: pm2, and services that outlived it. */
export async function endLeftoverFleet(folder: string, log: Logger): Promise<void> {
  const home = homeIn(folder)
  await endLeftover(join(home, 'pm2.pid'), 'pm2-runtime', 'SIGINT', log)
  for (const [name, file] of await listPidFiles(join(home, 'pids'))) {
    await endLeftover(file, join('services', name, 'main.ts'), 'SIGTERM', log)
  }
}

const homeIn = (folder: string): string => join(folder, 'pm2')

function launch({ root, folder, environment, port }: FleetOptions, home: string): ChildProcess {
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules/pm2/bin/pm2-runtime'), 'start', join(root, 'ecosystem.config.js'), '--raw'],
    {
      cwd: root,
      // A group of its own: Ctrl-C is for the sandbox, which then stops the fleet in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...withoutPm2(process.env),
        ...environment,
        PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter), // pm2 takes `node` from there
        PORT: String(port),
        PM2_HOME: home,
        PM2_CONCURRENT_ACTIONS: '5',
      },
    },
  )
  const logFile = createWriteStream(join(folder, 'services.log'), { flags: 'a' })
  child.stdout.pipe(logFile)
  child.stderr.pipe(logFile)
  return child
}

const withoutPm2 = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(PM2_|pm_|NODE_CHANNEL)/.test(name)))

async function allReady(options: FleetOptions, exited: Promise<unknown>): Promise<void> {
  const gone = new AbortController()
  void exited.then(() => {
    gone.abort()
  })
  const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(60_000)])
  await Promise.all(services.map((name, index) => whenReady(options, name, options.port + index, signal)))
}

async function whenReady({ onReady }: FleetOptions, name: ServiceName, port: number, end: AbortSignal): Promise<void> {
  while (!(await isReady(port))) {
    if (end.aborted) throw new Error(`${name} was not ready within a minute`)
    await pause(100)
  }
  onReady?.(name)
}

async function isReady(port: number): Promise<boolean> {
  try {
    const { ok } = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2000) })
    return ok
  } catch {
    return false // not listening yet
  }
}

async function failedToStart(exited: Promise<unknown>, { folder }: FleetOptions): Promise<never> {
  await exited
  throw new Error(`The services ended while starting; see ${join(folder, 'services.log')}`)
}

function manage(child: ChildProcess, exited: Promise<unknown>, home: string): Omit<Fleet, 'ready'> {
  let isStopping = false
  const { promise: ended, resolve } = Promise.withResolvers<undefined>()
  void exited.then(() => {
    if (!isStopping) resolve(undefined)
  })
  const pids = () => readPids(join(home, 'pids'))
  return {
    pids,
    memory: async () => sumOfMemory([...(await pids()).values()]),
    ended,
    stop: async () => {
      isStopping = true
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT')
      await Promise.race([exited, pause(25_000)])
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    },
  }
}

async function readPids(folder: string): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (const [name, file] of await listPidFiles(folder)) found.set(name, Number(await readFile(file, 'utf8')))
  return found
}

/** pm2 writes `<service>-<number>.pid`. */
async function listPidFiles(folder: string): Promise<[ServiceName, string][]> {
  const files = existsSync(folder) ? await readdir(folder) : []
  return services.flatMap((name) =>
    files
      .filter((file) => file.startsWith(`${name}-`) && file.endsWith('.pid'))
      .map((file): [ServiceName, string] => [name, join(folder, file)]),
  )
}

/** Proportional set size of these processes together, in bytes; undefined where the system does not tell. */
export async function sumOfMemory(pids: readonly number[]): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined
  const sizes = await Promise.all(pids.map(proportionalSize))
  return sizes.reduce((sum, size) => sum + size, 0)
}

async function proportionalSize(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024
}
