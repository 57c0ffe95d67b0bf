import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { Complaint } from '../runtime/complaint.ts'
import { closeConnection } from './connection.ts'
import { type Database } from './pool.ts'

const heartbeatMs = 4_000
// longer than a heartbeat may take: a process that was stopped loses its lock before it wakes
const idleSessionMs = 12_000
const retryMs = 2_000

export type SessionLock = {
  /** Aborted when the lock may be somebody else's: the connection was lost, or does not answer. */
  readonly lost: AbortSignal
  release(): Promise<void>
}

/** Takes the lock of that name on a connection of its own; undefined when somebody else has it. */
export async function holdLock(db: Database, name: string): Promise<SessionLock | undefined> {
  const client = await db.openConnection(`holds ${name}`, {
    options: `-c idle_session_timeout=${idleSessionMs} -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3`,
    query_timeout: heartbeatMs,
  })
  try {
    const { rows } = await client.query<{ taken: boolean }>(
      `select pg_try_advisory_lock(hashtextextended($1, 0)) as taken`,
      [name],
    )
    if (rows[0]?.taken === true) return watch(client)
  } catch (error) {
    await closeConnection(client)
    throw error
  }
  await closeConnection(client)
  return undefined
}

function watch(client: pg.Client): SessionLock {
  const lost = new AbortController()
  client.once('end', () => {
    lost.abort()
  })
  client.once('error', () => {
    lost.abort()
  })
  const heartbeat = setInterval(() => {
    client.query('select').catch(() => {
      lost.abort() // no answer in time: the lock may have gone to somebody else
    })
  }, heartbeatMs)
  lost.signal.addEventListener('abort', () => {
    clearInterval(heartbeat)
  })
  return {
    lost: lost.signal,
    release: async () => {
      clearInterval(heartbeat)
      await closeConnection(client) // the server gives the lock back with the session
    },
  }
}

type WhileHolding = { readonly name: string; readonly stopping: AbortSignal }

/**
 * Until `stopping`: waits for the lock, runs `work` with a signal that is aborted when the lock is lost or the service
 * stops, and begins again whenever the work ends. One process at a time does the work, however many run this.
 */
export async function withSessionLock(
  db: Database,
  { name, stopping }: WhileHolding,
  work: (held: AbortSignal) => Promise<void>,
): Promise<void> {
  const complaint = new Complaint(db.log.child({ lock: name }))
  while (!stopping.aborted) {
    try {
      if (await workOnce(db, { name, stopping }, work)) complaint.over('doing the work of one again')
    } catch (error) {
      complaint.about(error, 'the work of one was interrupted')
    }
    await pause(retryMs, undefined, { signal: stopping }).catch(() => undefined)
  }
}

async function workOnce(
  db: Database,
  { name, stopping }: WhileHolding,
  work: (held: AbortSignal) => Promise<void>,
): Promise<boolean> {
  const lock = await holdLock(db, name)
  if (lock === undefined) return false
  db.log.info({ lock: name }, 'holds the lock')
  try {
    await work(AbortSignal.any([lock.lost, stopping]))
    return true
  } finally {
    await lock.release()
  }
}
