import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Logger, pino } from 'pino'
import { findNatsServer } from '../../scripts/find-nats-server.ts'
import { freePort } from './free-port.ts'
import { endLeftover } from './leftover.ts'
import { tryLock } from './process-lock.ts'
import { type Supervised, supervise } from './supervise.ts'

export type NatsOptions = {
  /** Holds the configuration and JetStream's files; kept between runs, made when missing. */
  readonly storeDir: string
  readonly port?: number
  /** Where the server tells about itself over HTTP, on loopback; nowhere by default. */
  readonly monitoringPort?: number
  readonly log?: Logger
}

export type Nats = Supervised & {
  readonly url: string
  readonly port: number
  readonly version: string
  /** Loses everything JetStream holds, as when its disk is replaced. */
  readonly wipe: () => Promise<void>
}

/** A real nats-server with JetStream on 127.0.0.1, started again whenever it dies until `stop()`. */
export async function startNats(options: NatsOptions): Promise<Nats> {
  const storeDir = resolve(options.storeDir)
  await mkdir(storeDir, { recursive: true })
  const lock = await tryLock(join(storeDir, 'owner'))
  if (lock.kind === 'taken')
    throw new Error(`Another sandbox (process ${lock.pid}) already uses ${storeDir}; stop it first`)
  try {
    return await startOwned({ ...options, storeDir }, lock.release)
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function startOwned(options: NatsOptions, release: () => Promise<void>): Promise<Nats> {
  const { storeDir, log = pino({ enabled: false }) } = options
  const { path: command, version } = await findNatsServer({ log })
  const port = options.port ?? (await freePort())
  const configuration = join(storeDir, 'nats.conf')
  const pidFile = join(storeDir, 'nats.pid')
  await writeFile(configuration, describeServer({ ...options, storeDir, port, pidFile, version }))
  const server = await supervise(
    {
      name: 'nats-server',
      command,
      args: ['-c', configuration],
      readyLine: /Server is ready/,
      readyWithinMs: 30_000,
      stopSignals: ['SIGTERM'],
      stopStepMs: 5_000, // 2.9 with a full disk never ends by itself
      prepare: () => endLeftover(pidFile, configuration, 'SIGTERM', log),
    },
    log,
  )
  log.info({ port, pid: server.pid(), version }, 'nats-server is ready')
  const wipe = async (): Promise<void> => {
    await server.down()
    await rm(join(storeDir, 'jetstream'), { recursive: true, force: true })
    await server.up()
  }
  const stop = (): Promise<void> => server.stop().finally(release)
  return { ...server, url: `nats://127.0.0.1:${port}`, port, version, wipe, stop }
}

type ServerSettings = NatsOptions & { readonly port: number; readonly pidFile: string; readonly version: string }

/** One option a line: the server takes the inline form for an error. */
export function describeServer({ storeDir, port, monitoringPort, pidFile, version }: ServerSettings): string {
  const lines = [
    'server_name: comptoir',
    'host: "127.0.0.1"',
    `port: ${port}`,
    ...(monitoringPort === undefined ? [] : [`http: "127.0.0.1:${monitoringPort}"`]),
    `pid_file: ${JSON.stringify(pidFile)}`,
    'jetstream {',
    `  store_dir: ${JSON.stringify(storeDir)}`, // it adds `jetstream` itself
    ...(knowsSyncInterval(version) ? ['  sync_interval: always'] : []),
    '}',
  ]
  return lines.join('\n') + '\n'
}

/** Before 2.10 the option is an unknown field, and the server refuses to start. */
function knowsSyncInterval(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 2 || (major === 2 && minor >= 10)
}
