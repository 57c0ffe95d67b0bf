import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { warm } from '../../../scripts/warm.ts'
import { type Postgres, startPostgres } from '../../../sandbox/infra/postgres.ts'
import { type World } from '../../../sandbox/world.ts'
import { migrate } from '../../../shared/db/migrate.ts'
import { type DatabaseConfig, databaseFromUrl } from '../../../shared/runtime/settings.ts'
import { asUnderPm2 } from '../as-under-pm2.ts'
import { type Processes, startProcesses } from '../processes.ts'

/** The five services as processes on real parts of their own, and what is known of the products they sell. */
export type Stage = {
  readonly world: World
  readonly processes: Processes
  readonly postgres: Postgres
  readonly folder: string
  /** Where notifications are posted to; another place while pm2 runs the services. */
  readonly intake: { url: string }
  /** SHA-256 of what is sold, by product code. */
  readonly sold: ReadonlyMap<string, string>
  /** Another migrated database on the same server. */
  makeDatabase(name: string): Promise<DatabaseConfig>
  close(): Promise<void>
}

export const productCodes = ['TSBYEX23', 'JVRNA123'] as const

/** NOWPayments, played, has no limits here: two orders a second would take all night. */
export const pace = 8

/** `changes` of the services' environment. */
export async function openStage(changes: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'comptoir-chaos-'))
  await warm()
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), forTests: true })
  const makeDatabase = async (name: string): Promise<DatabaseConfig> => {
    await postgres.ensureDatabase(name)
    const database = databaseFromUrl(postgres.url(name))
    await migrate(database, pino({ enabled: false }))
    return database
  }
  const database = await makeDatabase('comptoir')
  const { flags, environment } = await asUnderPm2()
  const processes = await startProcesses({
    database,
    products: productCodes,
    flags,
    environment: { ...environment, ...changes },
  })
  const { world } = processes
  const close = async (): Promise<void> => {
    await processes.stop()
    await postgres.remove()
    await rm(folder, { recursive: true, force: true })
  }
  const sold = await listSold(world)
  return { world, processes, postgres, folder, intake: { url: world.publicUrl }, sold, makeDatabase, close }
}

async function listSold({ db }: World): Promise<Map<string, string>> {
  const { rows } = await db.query<{ code: string; sha256: string }>(
    `select p.code, f.sha256
       from products p
       join product_files f on f.id = p.current_file_id
      where p.code = any($1)`,
    [productCodes],
  )
  return new Map(rows.map(({ code, sha256 }) => [code, sha256]))
}
