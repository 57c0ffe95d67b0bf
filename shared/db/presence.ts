import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type Database } from './pool.ts'
import { withSessionLock } from './session-lock.ts'

/** Names this process wherever it takes something for a while. */
export const thisProcess: string = randomUUID()

export type Presence = { readonly stop: () => Promise<void> }

/**
 * Shows the database that this process lives, until it stops or dies. What a process held that showed itself and is gone
 * is free at once; of others nobody knows, and their leases run to the end.
 */
export function startPresence(db: Database, id = thisProcess): Presence {
  const stopping = new AbortController()
  const shown = withSessionLock(db, { name: lockName(id), stopping: stopping.signal }, async (held) => {
    await db.query(`insert into processes (id) values ($1) on conflict do nothing`, [id])
    if (!held.aborted) await once(held, 'abort')
  })
  return {
    stop: async () => {
      stopping.abort()
      await shown
    },
  }
}

const lockName = (id: string): string => `process ${id}`
