import { setTimeout as pause } from 'node:timers/promises'
import { waitForDatabase } from '../../shared/db/check-schema.ts'
import { startHeartbeat } from '../../shared/db/heartbeats.ts'
import { openPool } from '../../shared/db/pool.ts'
import { mediaMissing } from '../../shared/events/index.ts'
import { openBus } from '../../shared/messaging/bus.ts'
import { startOutboxRelay } from '../../shared/messaging/outbox-relay.ts'
import { type ServiceContext } from '../../shared/runtime/service.ts'
import { openObjectStore } from '../../shared/storage/object-store.ts'
import { listen } from '../../shared/web/http-server.ts'
import { createServiceServer } from '../../shared/web/service-server.ts'
import { type MediaConfig } from './config.ts'
import { repairMedia, type RepairMediaDeps } from './repair-media.ts'
import { syncPictures } from './sync-pictures.ts'

const picturesAtOnce = 2
const dayMs = 24 * 60 * 60 * 1000

/** Keeps pictures where they belong: on the disk and in the bucket, or drawn when there is none. */
export async function media(context: ServiceContext<MediaConfig>): Promise<void> {
  const { config, log, own, name, version, instance, stopping } = context
  const db = own(openPool(config.database, log), (pool) => pool.end())
  const bucket = own(openObjectStore(config.storage, log), (bucket) => {
    bucket.close()
  })
  const bus = own(openBus({ servers: config.nats.servers, name, db, log }), (bus) => bus.close())
  own(startOutboxRelay(db, bus, log), (relay) => relay.stop())

  const server = own(await createServiceServer({ config: config.web, log, name, version, db, bus }), (server) =>
    server.close(),
  )
  await listen(server, config.web)
  await waitForDatabase(db, log, stopping)
  own(startHeartbeat(db, { service: name, instance, version }), (heartbeat) => heartbeat.stop())

  const deps = { db, bucket, log, dataDir: config.dataDir }
  bus.subscribe(mediaMissing, { durable: 'media-media-missing', concurrency: picturesAtOnce }, (missing) =>
    repairMedia(deps, missing),
  )
  own(keepInStep(deps, stopping), (looking) => looking)
}

/** Looks at every picture at the start and then daily, in the background. */
async function keepInStep(deps: RepairMediaDeps, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    await syncPictures(deps, stopping).catch((err: unknown) => {
      deps.log.warn({ err }, 'the pictures could not be looked at; it is tried again tomorrow')
    })
    await pause(dayMs, undefined, { signal: stopping }).catch(() => undefined)
  }
}
