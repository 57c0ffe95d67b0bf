import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { startPostgres } from '../../sandbox/infra/postgres.ts'
import { keeperAddress, keeperFolder } from './postgres.ts'

const lookEveryMs = 2_000
const idleLooks = 10

/** Keeps the PostgreSQL for single test files until nobody is connected for 20 s; then removes it with its data. */
await mkdir(dirname(keeperFolder), { recursive: true })
const postgres = await startPostgres({ dataDir: keeperFolder, forTests: true })
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stop.abort()
  })
}
try {
  const draft = `${keeperAddress}.${process.pid}`
  await writeFile(draft, postgres.adminUrl, { mode: 0o600 })
  await rename(draft, keeperAddress)
  await untilUnused(postgres.adminUrl)
} finally {
  await rm(keeperAddress, { force: true })
  await postgres.remove()
}

async function untilUnused(adminUrl: string): Promise<void> {
  for (let idle = 0; idle < idleLooks && !stop.signal.aborted;) {
    await pause(lookEveryMs, undefined, { signal: stop.signal }).catch(() => undefined)
    idle = (await isUsed(adminUrl)) ? 0 : idle + 1
  }
}

async function isUsed(adminUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 })
  try {
    await client.connect()
    const { rowCount } = await client.query(
      `select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    )
    return rowCount !== 0
  } catch {
    return true // a test restarts the server just now
  } finally {
    await client.end()
  }
}
