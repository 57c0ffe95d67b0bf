import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { type Postgres, startPostgres } from '../../../sandbox/infra/postgres.ts'
import { type World } from '../../../sandbox/world.ts'
import { migrate } from '../../../shared/db/migrate.ts'
import { databaseFromUrl } from '../../../shared/runtime/settings.ts'
import { type Processes, startProcesses } from '../processes.ts'

/** The five services as processes on real parts of their own, and what is known of the products they sell. */
export type Stage = {
  readonly world: World
  readonly processes: Processes
  readonly postgres: Postgres
  /** SHA-256 of what is sold, by product code. */
  readonly sold: ReadonlyMap<string, string>
  close(): Promise<void>
}

const productCodes = ['TSBYEX23', 'JVRNA123']

export async function openStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'comptoir-chaos-'))
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), forTests: true })
  await postgres.ensureDatabase('comptoir')
  const database = databaseFromUrl(postgres.url('comptoir'))
  await migrate(database, pino({ enabled: false }))
  const processes = await startProcesses({ database, products: productCodes })
  const { world } = processes
  const close = async (): Promise<void> => {
    await processes.stop()
    await postgres.remove()
    await rm(folder, { recursive: true, force: true })
  }
  return { world, processes, postgres, sold: await listSold(world), close }
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
