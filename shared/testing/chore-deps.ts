import { pino } from 'pino'
import { type ChoreDeps } from '../../services/janitor/chore.ts'
import { type Database } from '../db/pool.ts'
import { databaseFromUrl } from '../runtime/settings.ts'
import { type ObjectStore } from '../storage/object-store.ts'

/** What a chore works on. The bucket is only there for chores that are given one. */
export const choreDeps = (db: Database, given: Partial<ChoreDeps> = {}): ChoreDeps => ({
  db,
  log: pino({ enabled: false }),
  signal: new AbortController().signal,
  bucket: {} as ObjectStore,
  dataDir: '/nowhere',
  uploadsDir: '/nowhere',
  retention: {
    deletedRetentionDays: 90,
    deletedQuietDays: 30,
    soldFilesRetentionDays: undefined,
    backupRetentionDays: 30,
    backupKey: undefined,
  },
  database: databaseFromUrl('postgres://nobody@localhost/nowhere'),
  ...given,
})
