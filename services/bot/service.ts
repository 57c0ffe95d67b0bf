import { waitForDatabase } from '../../shared/db/check-schema.ts'
import { startHeartbeat } from '../../shared/db/heartbeats.ts'
import { openPool } from '../../shared/db/pool.ts'
import { startPresence } from '../../shared/db/presence.ts'
import { tellTelegramPause, watchTelegramPauses } from '../../shared/db/telegram-pauses.ts'
import { openBus } from '../../shared/messaging/bus.ts'
import { offerDrain, startOutboxRelay } from '../../shared/messaging/outbox-relay.ts'
import { startTakingOver } from '../../shared/messaging/take-over.ts'
import { openNowPayments } from '../../shared/nowpayments/client.ts'
import { type ServiceContext } from '../../shared/runtime/service.ts'
import { openObjectStore } from '../../shared/storage/object-store.ts'
import { bucketCheck, watchBucket } from '../../shared/storage/watch-bucket.ts'
import { countTelegramPauses } from '../../shared/telegram/count-pauses.ts'
import { openTelegram } from '../../shared/telegram/client.ts'
import { botIdOf } from '../../shared/telegram/token.ts'
import { listen } from '../../shared/web/http-server.ts'
import { createServiceServer, stopTaking } from '../../shared/web/service-server.ts'
import { type BotConfig } from './config.ts'
import { openShop, type ShopDeps } from './open-shop.ts'
import { receiveUpdates } from './updates/receive.ts'

const policyNotice =
  'telegram asks that digital goods in bots be sold for Telegram Stars; taking crypto in the chat is the decision, and the risk, of whoever runs this bot'

/** Talks with buyers, sellers and administrators. It takes updates in before it knows whether Telegram answers. */
export async function bot(context: ServiceContext<BotConfig>): Promise<void> {
  const { config, log, own, fail, name, version, instance, stopping, figures } = context
  log.warn({ policy: config.money.policy }, policyNotice)
  const db = own(openPool(config.database, log), (pool) => pool.end())
  const bucket = own(openObjectStore(config.storage, log), (bucket) => {
    bucket.close()
  })
  const onPause = countTelegramPauses(figures, tellTelegramPause(db, botIdOf(config.telegram.token)))
  const telegram = own(openTelegram({ ...config.telegram, log, onTokenRefused: fail, onPause }), (telegram) =>
    telegram.close(),
  )
  const payments = openNowPayments({ ...config.nowPayments, log })
  const bus = own(openBus({ servers: config.nats.servers, name, db, log }), (bus) => bus.close())

  const checks = [bucketCheck(own(watchBucket(bucket, log), (watch) => watch.stop()))]
  const server = own(
    await createServiceServer({ config: config.web, log, name, version, db, bus, figures, checks }),
    stopTaking,
  )
  if (config.webhook !== undefined) receiveUpdates(server, { ...config.webhook, db, log, botId: telegram.botId })
  await listen(server, config.web)
  if (!(await waitForDatabase(db, log, stopping))) return
  const relay = own(startOutboxRelay(db, bus, log), (relay) => relay.stop())
  offerDrain(context.monitor, relay)
  own(startHeartbeat(db, { service: name, instance, version }), (heartbeat) => heartbeat.stop())
  own(startPresence(db), (presence) => presence.stop())
  own(startTakingOver(db, log), (looking) => looking.stop())
  own(watchTelegramPauses(db, telegram.botId, telegram.keepQuiet), (watch) => watch.stop())
  own(server, stopTaking)

  const deps: ShopDeps = { db, bucket, telegram, payments, bus, config, log }
  const shop = {
    opened: openShop(deps, context).catch((error: unknown) => {
      if (!stopping.aborted) fail(error)
    }),
  }
  own(shop, ({ opened }) => opened)
}
