import { migrate } from '../shared/db/migrate.ts'
import { readEnvironment } from '../shared/runtime/environment.ts'
import { createLogger } from '../shared/runtime/logger.ts'
import { exitCodes, OperatorError } from '../shared/runtime/operator-error.ts'
import { databaseSettings } from '../shared/runtime/settings.ts'

/** `npm run migrate`: brings the database of the environment to this release's schema. Several at once: one works. */
if (import.meta.main) await orSay(() => migrateDatabase(process.env))

export async function migrateDatabase(values: NodeJS.ProcessEnv): Promise<void> {
  const config = readEnvironment(values, databaseSettings)
  const done = await migrate(config, createLogger({ service: 'migrate', level: values['LOG_LEVEL'] ?? 'warn' }))
  console.log(done.length === 0 ? 'The database is up to date.' : `Migrated: ${done.join(', ')}.`)
}

/** What keeps it from being done is told in words, and by the exit code to who starts the services afterwards. */
export async function orSay(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof OperatorError) console.error(error.message)
    else console.error('The database could not be migrated, and nothing was changed:', error)
    process.exitCode = error instanceof OperatorError ? error.exitCode : exitCodes.other
  }
}
