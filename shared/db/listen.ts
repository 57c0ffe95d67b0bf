import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { Complaint } from '../runtime/complaint.ts'
import { closeConnection } from './connection.ts'
import { type Database } from './pool.ts'

const heartbeatMs = 10_000
const pauseMs = 1_000

export type Listener = { readonly stop: () => Promise<void> }

/**
 * Calls `onNotice` after each NOTIFY on the channel, and whenever the connection was made anew. A notice is a hint that
 * may be lost: whoever listens also looks by itself now and then.
 */
export function startListening(db: Database, channel: string, onNotice: () => void): Listener {
  const stopping = new AbortController()
  const complaint = new Complaint(db.log)
  const listening = keepListening(db, channel, stopping.signal, complaint, onNotice)
  return {
    stop: async () => {
      stopping.abort()
      await listening
    },
  }
}

async function keepListening(
  db: Database,
  channel: string,
  stopping: AbortSignal,
  complaint: Complaint,
  onNotice: () => void,
): Promise<void> {
  while (!stopping.aborted) {
    try {
      await listenOnce(db, channel, stopping, () => {
        complaint.over('listening to the database again')
        onNotice()
      })
    } catch (error) {
      complaint.about(error, 'cannot listen to the database, looking every second instead')
    }
    await passes(pauseMs, stopping)
  }
}

async function listenOnce(db: Database, channel: string, stopping: AbortSignal, onNotice: () => void): Promise<void> {
  const client = await db.openConnection(`listens to ${channel}`)
  const ended = new AbortController()
  void once(client, 'end', { signal: stopping }).then(
    () => {
      ended.abort()
    },
    () => {
      ended.abort()
    },
  )
  try {
    client.on('notification', onNotice)
    await client.query(`listen ${client.escapeIdentifier(channel)}`)
    onNotice()
    // a link that was cut somewhere on the way says nothing by itself
    while (await passes(heartbeatMs, ended.signal)) await client.query('select')
  } finally {
    await closeConnection(client)
  }
}

/** True when the time went by, false when something ended before. */
async function passes(ms: number, ending: AbortSignal): Promise<boolean> {
  return pause(ms, true, { signal: ending }).catch(() => false)
}
