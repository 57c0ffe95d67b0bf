import pg from 'pg'
import { type DatabaseConfig } from '../../runtime/settings.ts'
import { sqlState } from '../errors.ts'
import { type Queryable } from '../pool.ts'

/** An empty database beside ours, for a try; undefined when our role may not make one. One of that name left before goes. */
export async function makeScratchDatabase(
  db: Queryable,
  config: DatabaseConfig,
): Promise<{ config: DatabaseConfig; drop: () => Promise<void> } | undefined> {
  const name = `${config.database.slice(0, 40)}_restore_test`
  const quoted = pg.escapeIdentifier(name)
  const drop = async (): Promise<void> => {
    await db.query(`drop database if exists ${quoted} with (force)`)
  }
  try {
    await drop()
    await db.query(`create database ${quoted} template template0 encoding 'UTF8'`)
  } catch (error) {
    if (sqlState(error) === '42501') return undefined // not allowed
    throw error
  }
  return { config: { ...config, database: name }, drop }
}
