import pg from 'pg'
import { type DatabaseConfig } from '../runtime/settings.ts'

const connectTimeoutMs = 3_000
const idleInTransactionMs = 15_000
const keepAliveAfterMs = 10_000

const int8 = 20
const int8Array = 1016
const date = 1082

/**
 * What arrives from PostgreSQL: int8 as bigint, timestamptz as Date, numeric and date as text. On each connection, not
 * on the driver, which other libraries share.
 */
const types = new pg.TypeOverrides()
types.setTypeParser(int8, BigInt)
types.setTypeParser(date, (text: string) => text)
types.setTypeParser(int8Array, (text: string) =>
  // numbers and NULL are the only elements, and neither needs quotes
  text
    .slice(1, -1)
    .split(',')
    .filter((element) => element !== '')
    .map((element) => (element === 'NULL' ? null : BigInt(element))),
)

type Encryption = false | { readonly rejectUnauthorized: boolean }

/** `prefer` and `require` encrypt without asking who answers, as libpq does; only `verify-full` checks. */
export function encryptionOf(config: DatabaseConfig): Encryption {
  if (config.sslMode === 'disable') return false
  return { rejectUnauthorized: config.sslMode === 'verify-full' }
}

export const saysPlainOnly = (error: unknown): boolean =>
  error instanceof Error && error.message === 'The server does not support SSL connections'

/** Every connection has a name in pg_stat_activity, an end to each wait, and its own type parsers. */
export function clientConfig(config: DatabaseConfig, name: string, queryTimeoutMs: number): pg.ClientConfig {
  return {
    host: config.host,
    port: config.port,
    database: config.database,
    user: config.user,
    // a function, so that pg looks for no password in files and variables of its own
    password: () => config.password ?? '',
    ssl: encryptionOf(config),
    application_name: name,
    types,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: queryTimeoutMs,
    // the server's own refusal says more, so it gets the chance to come first
    query_timeout: queryTimeoutMs + 500,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveAfterMs,
  }
}

/** Pooled connections give up connecting sooner than the pool gives up on who waits for one. */
export class PooledClient extends pg.Client {
  constructor(config: pg.ClientConfig = {}) {
    // the pool hides the password from copies
    super({ ...config, password: config.password, connectionTimeoutMillis: connectTimeoutMs })
  }
}

const closeWithinMs = 1_000

/** Says goodbye, and cuts a link that does not answer: waiting for the other end could take for ever. */
export async function closeConnection(client: pg.Client): Promise<void> {
  const cut = setTimeout(() => {
    client.connection.stream.destroy()
  }, closeWithinMs)
  await client.end()
  clearTimeout(cut)
}
