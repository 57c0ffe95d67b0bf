import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Postgres, startPostgres } from '../sandbox/infra/postgres.ts'
import { ensureTemplate } from '../shared/testing/database.ts'
import { adminUrlVariable } from '../shared/testing/postgres.ts'

let postgres: Postgres | undefined
let folder: string | undefined

/** Once for the run, before the first test: one PostgreSQL, with the template every test's database is cloned from. */
export async function globalSetup(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'comptoir-test-'))
  postgres = await startPostgres({ dataDir: join(folder, 'postgres'), forTests: true })
  await ensureTemplate(postgres.adminUrl)
  process.env[adminUrlVariable] = postgres.adminUrl // the test processes inherit it
}

export async function globalTeardown(): Promise<void> {
  await postgres?.remove()
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
}
