import { type Logger } from 'pino'
import { examineDatabase } from '../../shared/db/examine.ts'
import { OperatorError } from '../../shared/runtime/operator-error.ts'
import { clockFinding } from './check-clock.ts'
import { type Finding, ok, warning, wrong } from './finding.ts'
import { type Settings } from './read-settings.ts'

const backupOldHours = 26
/** Five services, two pools in ipn, and what listens and holds locks besides. */
const connectionsOf = (poolMax: number): number => 6 * poolMax + 20

export async function checkDatabase({ database }: Settings, log: Logger): Promise<Finding[]> {
  if (database === undefined) return []
  try {
    const facts = await examineDatabase(database, log)
    const found: Finding[] = []
    if (facts.isTooOld) found.push(wrong('database', `PostgreSQL is ${facts.version}`, 'take 15 or later'))
    if (facts.missingExtensions.length > 0) {
      const names = facts.missingExtensions.join(', ')
      found.push(
        wrong('database', `the server has no extension ${names}`, "install PostgreSQL's contrib package on it"),
      )
    }
    if (facts.fault === undefined)
      found.push(ok('database', `PostgreSQL ${facts.version}, migrated, and it loses nothing`))
    else found.push(wrong('database', facts.fault, 'do that, then run this again'))
    if (facts.isSuperuser) {
      const says = `the role ${database.user} is a superuser`
      found.push(warning('database', says, 'give the services a role that owns this database and no more'))
    }
    if (!facts.mayMakeDatabases) {
      const says = `the role ${database.user} may not make databases: backups are read back, and not restored for a try`
      const todo = 'let it (alter role … createdb), or try `npm run restore` on another server now and then'
      found.push(warning('backup', says, todo))
    }
    const wanted = connectionsOf(database.poolMax)
    if (facts.connections < wanted) {
      const says = `the server takes ${facts.connections} connections, and the services may want ${wanted}`
      found.push(warning('database', says, 'lower DB_POOL_MAX or raise max_connections'))
    }
    return [...found, clockFinding('the database', facts.aheadMs), backupFinding(facts.backupHours)]
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    return [wrong('database', error.message, 'check DATABASE_URL (or the PG variables) and that the server runs')]
  }
}

function backupFinding(hours: number | undefined): Finding {
  if (hours === undefined)
    return warning('backup', 'there is no backup yet', 'run `npm run backup`, or wait for 03:00 UTC')
  const age = `the newest good backup is ${hours < 1 ? 'less than an hour' : `${Math.round(hours)} hours`} old`
  if (hours <= backupOldHours) return ok('backup', age)
  return wrong('backup', age, 'run `npm run backup`; is the janitor running, and can it write to the bucket?')
}
