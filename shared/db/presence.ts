import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { Complaint } from '../runtime/complaint.ts'
import { type Database } from './pool.ts'
import { holdLock } from './session-lock.ts'

/** Names this process wherever it takes something for a while. */
export const thisProcess: string = randomUUID()

const retryMs = 500

export type Presence = { readonly stop: () => Promise<void> }

/**
 * Shows the database that this process lives, until it stops or dies: by a row, and by a lock named after it that ends with
 * its connection. A connection that is lost is replaced at once.
 */
export function startPresence(db: Database, id = thisProcess): Presence {
  const stopping = new AbortController()
  const shown = keepShowing(db, id, stopping.signal)
  return {
    stop: async () => {
      stopping.abort()
      await shown
    },
  }
}

async function keepShowing(db: Database, id: string, stopping: AbortSignal): Promise<void> {
  const complaint = new Complaint(db.log.child({ process: id }))
  while (!stopping.aborted) {
    const isShown = await showOnce(db, id, stopping).catch((error: unknown) => {
      complaint.about(error, 'cannot show itself to the database')
      return false // so it is while the server still holds the connection before
    })
    if (isShown) complaint.over('shows itself to the database again')
    else await pause(retryMs, undefined, { signal: stopping }).catch(() => undefined)
  }
}

async function showOnce(db: Database, id: string, stopping: AbortSignal): Promise<boolean> {
  const lock = await holdLock(db, `process ${id}`)
  if (lock === undefined) return false
  try {
    await db.query(`insert into processes (id) values ($1) on conflict do nothing`, [id])
    const ended = AbortSignal.any([lock.lost, stopping])
    if (!ended.aborted) await once(ended, 'abort')
    return true
  } finally {
    await lock.release()
  }
}
