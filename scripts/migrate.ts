import { migrate } from '../shared/db/migrate.ts'
import { readEnvironment } from '../shared/runtime/environment.ts'
import { createLogger } from '../shared/runtime/logger.ts'
import { exitCodes, OperatorError } from '../shared/runtime/operator-error.ts'
import { databaseSettings } from '../shared/runtime/settings.ts'

/** `npm run migrate`: brings the database of the environment to this release's schema. */
try {
  const config = readEnvironment(process.env, databaseSettings)
  const done = await migrate(config, createLogger({ service: 'migrate', level: process.env['LOG_LEVEL'] ?? 'warn' }))
  console.log(done.length === 0 ? 'The database is up to date.' : `Migrated: ${done.join(', ')}.`)
} catch (error) {
  if (error instanceof OperatorError) console.error(error.message)
  else console.error('The database could not be migrated, and nothing was changed:', error)
  process.exitCode = error instanceof OperatorError ? error.exitCode : exitCodes.other
}
