import { waitForDatabase } from '../../shared/db/check-schema.ts'
import { startHeartbeat } from '../../shared/db/heartbeats.ts'
import { openPool } from '../../shared/db/pool.ts'
import { withSessionLock } from '../../shared/db/session-lock.ts'
import { openBus } from '../../shared/messaging/bus.ts'
import { offerDrain, startOutboxRelay } from '../../shared/messaging/outbox-relay.ts'
import { type ServiceContext } from '../../shared/runtime/service.ts'
import { openObjectStore } from '../../shared/storage/object-store.ts'
import { bucketCheck, watchBucket } from '../../shared/storage/watch-bucket.ts'
import { listen } from '../../shared/web/http-server.ts'
import { createServiceServer, stopTaking } from '../../shared/web/service-server.ts'
import { chores } from './all-chores.ts'
import { type JanitorConfig } from './config.ts'
import { countHouse } from './figures.ts'
import { keepHouse } from './keep-house.ts'

/** Does what must happen even if nobody asks. One janitor at a time keeps house; the others wait for its lock. */
export async function janitor(context: ServiceContext<JanitorConfig>): Promise<void> {
  const { config, log, own, name, version, instance, stopping, figures } = context
  const db = own(openPool(config.database, log), (pool) => pool.end())
  const bucket = own(openObjectStore(config.storage, log), (bucket) => {
    bucket.close()
  })
  const bus = own(openBus({ servers: config.nats.servers, name, db, log }), (bus) => bus.close())

  const bucketWatch = own(watchBucket(bucket, log), (watch) => watch.stop())
  const checks = [bucketCheck(bucketWatch)]
  const server = own(
    await createServiceServer({ config: config.web, log, name, version, db, bus, figures, checks }),
    stopTaking,
  )
  await listen(server, config.web)
  if (!(await waitForDatabase(db, log, stopping))) return
  const relay = own(startOutboxRelay(db, bus, log), (relay) => relay.stop())
  offerDrain(context.monitor, relay)
  own(startHeartbeat(db, { service: name, instance, version }), (heartbeat) => heartbeat.stop())
  own(server, stopTaking)

  const { dataDir, uploadsDir, retention, database } = config
  const { payoutMinCents } = config.money
  const deps = {
    db,
    log,
    bucket,
    dataDir,
    uploadsDir,
    retention,
    database,
    figures: countHouse(context, db),
    bucketState: bucketWatch.state,
    payoutMinCents,
  }
  const house = withSessionLock(db, { name: 'janitor', stopping }, (signal) => keepHouse({ ...deps, signal }, chores))
  void own(house, (house) => house)
}
