import { setTimeout as pause } from 'node:timers/promises'
import { Complaint } from '../runtime/complaint.ts'
import { type Database, type Queryable } from './pool.ts'

const everyMs = 15_000

export type Heartbeat = { readonly service: string; readonly instance: string; readonly version: string }

/** A service says that it is there. */
export async function setHeartbeat(db: Queryable, { service, instance, version }: Heartbeat): Promise<void> {
  await db.query(
    `insert into service_heartbeats (service, instance, version)
     values ($1, $2, $3)
         on conflict (service, instance)
         do update set version = excluded.version, at = clock_timestamp()`,
    [service, instance, version],
  )
}

/** A service that stops in order leaves no trace that it is missed by. */
export async function removeHeartbeat(db: Queryable, { service, instance }: Heartbeat): Promise<void> {
  await db.query(`delete from service_heartbeats where service = $1 and instance = $2`, [service, instance])
}

/** Of the services named, those of which no instance was heard for `silentForSeconds`. */
export async function listSilentServices(
  db: Queryable,
  services: readonly string[],
  silentForSeconds = 60,
): Promise<string[]> {
  const { rows } = await db.query<{ service: string }>(
    `select expected.service
       from unnest($1::text[]) as expected (service)
      where not exists (select
                          from service_heartbeats h
                         where h.service = expected.service
                           and h.at > clock_timestamp() - $2 * interval '1 s')
      order by expected.service`,
    [services, silentForSeconds],
  )
  return rows.map(({ service }) => service)
}

/** Says every 15 s that this service is there, until it is stopped. */
export function startHeartbeat(db: Database, heartbeat: Heartbeat): { readonly stop: () => Promise<void> } {
  const stopping = new AbortController()
  const beating = beat(db, heartbeat, stopping.signal)
  return {
    stop: async () => {
      stopping.abort()
      await beating
    },
  }
}

async function beat(db: Database, heartbeat: Heartbeat, stopping: AbortSignal): Promise<void> {
  const complaint = new Complaint(db.log)
  while (!stopping.aborted) {
    try {
      await setHeartbeat(db, heartbeat)
      complaint.over('heartbeats are written again')
    } catch (error) {
      complaint.about(error, 'no heartbeat could be written')
    }
    await pause(everyMs, undefined, { signal: stopping }).catch(() => undefined)
  }
  await removeHeartbeat(db, heartbeat).catch((error: unknown) => {
    complaint.about(error, 'the heartbeat could not be taken back') // it grows old by itself
  })
}
