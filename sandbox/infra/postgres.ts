import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { type Logger, pino } from 'pino'
import { freePort } from './free-port.ts'
import { endLeftover } from './leftover.ts'
import { endOrphans, openCluster, postgresEnvironment, removeCluster } from './postgres-cluster.ts'
import { findPostgresBinaries } from './postgres-binaries.ts'
import { tryLock } from './process-lock.ts'
import { type Program, type Supervised, supervise } from './supervise.ts'
import { unprivilegedUser } from './unprivileged-user.ts'

export type PostgresOptions = {
  /** Kept between runs; made when missing. */
  readonly dataDir: string
  readonly port?: number
  readonly log?: Logger
  /** For tests: less memory and background work. What was committed stays committed all the same. */
  readonly forTests?: boolean
}

export type Postgres = Supervised & {
  readonly port: number
  /** A superuser's address of the database `postgres`. */
  readonly adminUrl: string
  /** A superuser's address of a database, whether it exists or not. */
  readonly url: (database: string) => string
  /** Makes the database unless it is there. */
  readonly ensureDatabase: (name: string) => Promise<void>
  /** Stops it for good and removes all its data. */
  readonly remove: () => Promise<void>
}

/** A real PostgreSQL on 127.0.0.1, durable as in production, started again whenever it dies until `stop()`. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const dataDir = resolve(options.dataDir)
  await mkdir(dataDir, { recursive: true })
  const lock = await tryLock(join(dataDir, 'owner'))
  if (lock.kind === 'taken')
    throw new Error(`Another sandbox (process ${lock.pid}) already uses ${dataDir}; stop it first`)
  try {
    return await startOwned({ ...options, dataDir }, lock.release)
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function startOwned(options: PostgresOptions, release: () => Promise<void>): Promise<Postgres> {
  const { dataDir, log = pino({ enabled: false }), forTests: hurry = false } = options
  const user = await unprivilegedUser()
  const { initdb, postgres: command } = await findPostgresBinaries(user)
  const { cluster, password } = await openCluster({ dataDir, user, initdb, hurry })
  const port = options.port ?? (await freePort())
  const program: Program = {
    name: 'PostgreSQL',
    command,
    args: ['-D', cluster, '-p', String(port), ...flags(hurry)],
    user,
    env: postgresEnvironment,
    readyLine: /database system is ready to accept connections/,
    readyWithinMs: 60_000,
    stopSignals: ['SIGINT', 'SIGQUIT'],
    stopStepMs: 10_000,
    prepare: () => clearLeftovers(cluster, log),
  }
  const server = await supervise(program, log)
  log.info({ port, pid: server.pid() }, 'PostgreSQL is ready')
  const stop = (): Promise<void> => server.stop().finally(release)
  return { ...server, ...addresses(port, password), stop, remove: () => stop().then(() => removeCluster(dataDir)) }
}

async function clearLeftovers(cluster: string, log: Logger): Promise<void> {
  await endLeftover(join(cluster, 'postmaster.pid'), cluster, 'SIGQUIT', log)
  await endOrphans(cluster)
}

function flags(hurry: boolean): string[] {
  const settings = { ...common, ...(hurry ? light : {}) }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

const common = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '300',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  logging_collector: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  jit: 'off',
}

const light = {
  shared_buffers: '64MB',
  min_wal_size: '32MB',
  max_wal_size: '1GB',
  checkpoint_timeout: '30min',
  autovacuum_naptime: '5min',
  bgwriter_lru_maxpages: '0',
}

function addresses(port: number, password: string): Pick<Postgres, 'port' | 'adminUrl' | 'url' | 'ensureDatabase'> {
  const url = (database: string): string =>
    `postgres://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`
  const adminUrl = url('postgres')
  return { port, adminUrl, url, ensureDatabase: (name) => ensureDatabase(adminUrl, name) }
}

async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`)
  } catch (error) {
    if ((error as { code?: string }).code !== '42P04') throw error // made by another at the same moment
  } finally {
    await client.end()
  }
}
