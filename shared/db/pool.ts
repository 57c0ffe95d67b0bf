import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { type Logger } from 'pino'
import { Complaint } from '../runtime/complaint.ts'
import { type DatabaseConfig } from '../runtime/settings.ts'
import { clientConfig, PooledClient, saysPlainOnly } from './connection.ts'
import { CommitRefused, CommitUnknown, isAnswer, isConflict } from './errors.ts'

export { CommitRefused, CommitUnknown, isDatabaseAway } from './errors.ts'

const slotTimeoutMs = 5_000
const defaultQueryTimeoutMs = 10_000
const closeWithinMs = 2_000
const transactionTries = 5

export type Rows<Row> = { readonly rows: Row[]; readonly rowCount: number }

/** Something that answers statements: the pool, or a transaction. */
export type Queryable = {
  /** The caller states what its select yields. */
  query<Row extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Rows<Row>>
}

export type PoolOptions = {
  /** Shown in pg_stat_activity; the service's name unless told. */
  readonly name?: string
  /** How long one statement may take: 10 s unless told. */
  readonly queryTimeoutMs?: number
}

/** Opens no connection yet: PostgreSQL may be away. */
export function openPool(config: DatabaseConfig, log: Logger, options: PoolOptions = {}): Database {
  return new Database(config, log, options)
}

export class Database implements Queryable {
  readonly log: Logger
  readonly #config: DatabaseConfig
  readonly #name: string
  readonly #queryTimeoutMs: number
  readonly #pool: pg.Pool
  readonly #clients = new Set<pg.PoolClient>()
  #ending: Promise<void> | undefined

  constructor(config: DatabaseConfig, log: Logger, options: PoolOptions) {
    this.log = log.child({ module: 'database' })
    this.#config = config
    this.#name = options.name ?? `comptoir ${String(log.bindings()['service'] ?? '')}`.trim()
    this.#queryTimeoutMs = options.queryTimeoutMs ?? defaultQueryTimeoutMs
    this.#pool = new pg.Pool({
      ...clientConfig(config, this.#name, this.#queryTimeoutMs),
      max: config.poolMax,
      connectionTimeoutMillis: slotTimeoutMs,
      Client: PooledClient,
    })
    this.#watch()
  }

  async query<Row extends object = Record<string, unknown>>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<Rows<Row>> {
    const client = await this.acquire()
    try {
      const rows = await run<Row>(client, text, values)
      client.release()
      return rows
    } catch (error) {
      client.release(true)
      throw error
    }
  }

  /** A connection out of the pool, for a transaction. */
  async acquire(): Promise<pg.PoolClient> {
    return this.#fallingBack(() => this.#pool.connect())
  }

  /** A connection of its own, outside the pool, for a lock or a subscription. Whoever asks closes it. */
  async openConnection(purpose: string, extra: pg.ClientConfig = {}): Promise<pg.Client> {
    return this.#fallingBack(async () => {
      const config = clientConfig(this.#config, `${this.#name} ${purpose}`, this.#queryTimeoutMs)
      const client = new pg.Client({ ...config, ssl: this.#pool.options.ssl, ...extra })
      // without a listener a lost connection would end the process
      client.on('error', (err) => {
        this.log.debug({ err, purpose }, 'a database connection was lost')
      })
      await client.connect()
      return client
    })
  }

  /** Waits a moment for statements in hand, then cuts what is left: a hung server must not hold up a stop. */
  end(): Promise<void> {
    this.#ending ??= this.#end()
    return this.#ending
  }

  async #end(): Promise<void> {
    const cut = setTimeout(() => {
      for (const client of this.#clients) void client.end()
    }, closeWithinMs)
    const done = new AbortController()
    const limit = pause(closeWithinMs * 2, undefined, { signal: done.signal }).catch(() => undefined)
    await Promise.race([this.#pool.end(), limit])
    done.abort()
    clearTimeout(cut)
  }

  /** A restart of PostgreSQL reaches clients in use as well as idle ones; unheard, either ends the process. */
  #watch(): void {
    const complaint = new Complaint(this.log)
    this.#pool.on('error', (err) => {
      complaint.about(err, 'an idle database connection was lost')
    })
    this.#pool.on('connect', (client) => {
      this.#clients.add(client)
      client.on('error', (err) => {
        this.log.debug({ err }, 'a database connection in use was lost')
      })
    })
    this.#pool.on('remove', (client) => this.#clients.delete(client))
  }

  /** `prefer` means: encrypted where the server can, plain where it cannot. */
  async #fallingBack<T>(connect: () => Promise<T>): Promise<T> {
    try {
      return await connect()
    } catch (error) {
      if (this.#config.sslMode !== 'prefer' || !saysPlainOnly(error)) throw error
      this.#pool.options.ssl = false
      return connect()
    }
  }
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as Queryable.query
async function run<Row extends object>(client: pg.ClientBase, text: string, values: readonly unknown[]) {
  const { rows, rowCount } = await client.query<Row>(text, [...values])
  return { rows, rowCount: rowCount ?? 0 }
}

/**
 * Runs `work` in one transaction and returns only after the server answered COMMIT. When two transactions met, the whole
 * of `work` runs again: it must do nothing that outlives a rollback.
 */
export async function inTransaction<T>(db: Database, work: (tx: Queryable) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryTransaction(db, work)
    } catch (error) {
      if (attempt === transactionTries || !isConflict(error)) throw error
      await pause(Math.random() * 10 * 2 ** attempt)
    }
  }
}

async function tryTransaction<T>(db: Database, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const client = await db.acquire()
  const tx = { isOpen: true }
  try {
    await client.query('begin')
    const result = await work({ query: (text, values = []) => runInside(client, tx, text, values) })
    tx.isOpen = false
    await commit(client)
    client.release()
    return result
  } catch (error) {
    tx.isOpen = false
    client.release(true)
    throw error
  }
}

async function runInside<Row extends object>(
  client: pg.ClientBase,
  tx: { readonly isOpen: boolean },
  text: string,
  values: readonly unknown[],
): Promise<Rows<Row>> {
  if (!tx.isOpen) throw new Error('Expected statements only while the transaction is open, got one after its end')
  return run<Row>(client, text, values)
}

/** After a failed statement COMMIT *resolves*, with the tag ROLLBACK. */
async function commit(client: pg.ClientBase): Promise<void> {
  const { command } = await client.query('commit').catch((error: unknown) => {
    throw isAnswer(error) ? error : new CommitUnknown(error)
  })
  if (command !== 'COMMIT') throw new CommitRefused(command)
}
