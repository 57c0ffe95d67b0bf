import { join } from 'node:path'
import { waitForDatabase } from '../../shared/db/check-schema.ts'
import { startHeartbeat } from '../../shared/db/heartbeats.ts'
import { openPool } from '../../shared/db/pool.ts'
import { startPresence } from '../../shared/db/presence.ts'
import { tellTelegramPause, watchTelegramPauses } from '../../shared/db/telegram-pauses.ts'
import { deliveryRequested, paymentConfirmed } from '../../shared/events/index.ts'
import { openBus } from '../../shared/messaging/bus.ts'
import { offerDrain, startOutboxRelay } from '../../shared/messaging/outbox-relay.ts'
import { startTakingOver } from '../../shared/messaging/take-over.ts'
import { failpoint } from '../../shared/runtime/failpoint.ts'
import { type ServiceContext } from '../../shared/runtime/service.ts'
import { openObjectStore } from '../../shared/storage/object-store.ts'
import { bucketCheck, watchBucket } from '../../shared/storage/watch-bucket.ts'
import { countTelegramPauses } from '../../shared/telegram/count-pauses.ts'
import { openTelegram } from '../../shared/telegram/client.ts'
import { introduce } from '../../shared/telegram/find-identity.ts'
import { botIdOf } from '../../shared/telegram/token.ts'
import { listen } from '../../shared/web/http-server.ts'
import { createServiceServer, stopTaking } from '../../shared/web/service-server.ts'
import { type DeliveryConfig } from './config.ts'
import { deliverOrder } from './deliver-order.ts'
import { downloadRoutes } from './download-page/routes.ts'
import { countDeliveries } from './figures.ts'
import { requestDelivery } from './request-delivery.ts'
import { waitForTurn } from './wait-for-turn.ts'

const transfersAtOnce = 4

/** Brings what was bought into the buyer's chat. */
export async function delivery(context: ServiceContext<DeliveryConfig>): Promise<void> {
  const { config, log, own, fail, name, version, instance, stopping, figures } = context
  const db = own(openPool(config.database, log), (pool) => pool.end())
  const bucket = own(openObjectStore(config.storage, log), (bucket) => {
    bucket.close()
  })
  const onPause = countTelegramPauses(figures, tellTelegramPause(db, botIdOf(config.telegram.token)))
  const telegram = own(openTelegram({ ...config.telegram, log, onTokenRefused: fail, onPause }), (telegram) =>
    telegram.close(),
  )
  const bus = own(openBus({ servers: config.nats.servers, name, db, log }), (bus) => bus.close())

  const checks = [bucketCheck(own(watchBucket(bucket, log), (watch) => watch.stop()))]
  const server = own(
    await createServiceServer({ config: config.web, log, name, version, db, bus, figures, checks }),
    stopTaking,
  )
  downloadRoutes(server, { db, bucket, log })
  await listen(server, config.web)
  if (!(await waitForDatabase(db, log, stopping))) return
  const relay = own(startOutboxRelay(db, bus, log), (relay) => relay.stop())
  offerDrain(context.monitor, relay)
  own(startHeartbeat(db, { service: name, instance, version }), (heartbeat) => heartbeat.stop())
  own(startPresence(db), (presence) => presence.stop())
  own(startTakingOver(db, log), (looking) => looking.stop())
  own(watchTelegramPauses(db, telegram.botId, telegram.keepQuiet), (watch) => watch.stop())
  own(server, stopTaking)
  void own(introduce(telegram, log, stopping), (introducing) => introducing)

  const deps = {
    db,
    telegram,
    bucket,
    log,
    temporaryDir: join(config.uploadsDir, 'temp'),
    dataDir: config.dataDir,
    publicUrl: config.publicUrl,
    waitForTurn: () => waitForTurn(db, telegram.botId, config.messagesPerSecond),
    figures: countDeliveries(context, db),
  }
  bus.subscribe(paymentConfirmed, { durable: 'delivery-payment-confirmed' }, (paid) => requestDelivery({ db }, paid))
  bus.subscribe(
    deliveryRequested,
    {
      durable: 'delivery-delivery-requested',
      concurrency: transfersAtOnce,
      deadlineMs: 15 * 60_000,
      onAcknowledged: () => failpoint('delivery.acknowledged'),
    },
    (requested) => deliverOrder(deps, requested),
  )
}
