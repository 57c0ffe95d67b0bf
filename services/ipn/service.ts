import { waitForDatabase } from '../../shared/db/check-schema.ts'
import { startHeartbeat } from '../../shared/db/heartbeats.ts'
import { startListening } from '../../shared/db/listen.ts'
import { type Database, openPool } from '../../shared/db/pool.ts'
import { openBus } from '../../shared/messaging/bus.ts'
import { offerDrain, startOutboxRelay } from '../../shared/messaging/outbox-relay.ts'
import { type NowPayments, openNowPayments } from '../../shared/nowpayments/client.ts'
import { startLoop } from '../../shared/runtime/loop.ts'
import { type ServiceContext } from '../../shared/runtime/service.ts'
import { listen } from '../../shared/web/http-server.ts'
import { createServiceServer, stopTaking } from '../../shared/web/service-server.ts'
import { catchingUp } from './catch-up.ts'
import { type IpnConfig } from './config.ts'
import { countIntake } from './figures.ts'
import { forward } from './forward.ts'
import { giveWay } from './give-way.ts'
import { handleNotifications } from './handle-notifications.ts'
import { keepTogether } from './keep-together.ts'
import { readInTurn } from './read-in-turn.ts'
import { rereadPayments } from './reread-payments.ts'
import { notificationRoute } from './server.ts'
import { settlePayment } from './settle-payment.ts'
import { watchForgeries } from './watch-forgeries.ts'
import { watchProvider } from './watch-provider.ts'

const intakeTimeoutMs = 2_000
// taken at once; read two a second, they are done before a stop becomes impatient
const batch = 8
const volatileCoins = ['btc', 'eth', 'sol']
const sandboxHost = 'api-sandbox.nowpayments.io'

/** Hears from NOWPayments, and turns each final payment into `payment.confirmed`. */
export async function ipn(context: ServiceContext<IpnConfig>): Promise<void> {
  const { config, log, own, name, version, instance, stopping, figures } = context
  const db = own(openPool(config.database, log), (pool) => pool.end())
  const intake = own(
    openPool(config.database, log, { name: 'comptoir intake', queryTimeoutMs: intakeTimeoutMs }),
    (pool) => pool.end(),
  )
  const bus = own(openBus({ servers: config.nats.servers, name, db, log }), (bus) => bus.close())

  const server = own(
    await createServiceServer({ config: config.web, log, name, version, db, bus, figures }),
    stopTaking,
  )
  const bell = { ring: (): void => undefined } // until there is a loop, which begins by looking
  const onKept = (): void => {
    bell.ring()
  }
  const onForged = watchForgeries({ db, log })
  const ipnSecrets = [config.nowPayments.ipnSecret, config.ipnSecretBefore ?? '']
  const { onAnswered } = countIntake(context, db)
  const { keep, isBusy } = keepTogether(intake)
  notificationRoute(server, { keep, ipnSecrets, log, onKept, onForged, onAnswered })
  await forward(server, config.forward)
  await listen(server, config.web)
  if (!(await waitForDatabase(db, log, stopping))) return
  const relay = own(startOutboxRelay(db, bus, log), (relay) => relay.stop())
  offerDrain(context.monitor, relay)
  own(startHeartbeat(db, { service: name, instance, version }), (heartbeat) => heartbeat.stop())

  const { apiUrl, apiKey, pace } = config.nowPayments
  const provider = openNowPayments({ apiUrl, apiKey, pace, log })
  void own(watchProvider({ db, provider, log }, stopping), (watching) => watching)
  const settle = settler(context, db, provider)
  const kept = own(
    startLoop(log, 'notifications', async () => {
      await giveWay(isBusy)
      return handleNotifications({ db, log, settle }, batch)
    }),
    (loop) => loop.stop(),
  )
  const due = own(
    startLoop(
      log,
      'polling',
      catchingUp({ db, log }, () => rereadPayments({ db, log, stopping, settle }, batch)),
    ),
    (loop) => loop.stop(),
  )
  own(startListening(db, 'payments_due', due.ring), (listener) => listener.stop())
  bell.ring = kept.ring
  own(server, stopTaking)
}

function settler({ config, log }: ServiceContext<IpnConfig>, db: Database, provider: NowPayments) {
  const { apiUrl, pace } = config.nowPayments
  const { toleranceBasisPoints: tolerance, escrowHours, orderTtlMinutes } = config.money
  const zeroMeansExact = new URL(apiUrl).hostname === sandboxHost
  if (zeroMeansExact) log.warn("This is NOWPayments' sandbox: no real money is used")
  const nowPayments = { ...provider, readPayment: readInTurn(db, provider, pace) }
  const policy = { tolerance, volatileCoins, escrowHours, windowMs: orderTtlMinutes * 60_000 }
  return (providerId: string) => settlePayment({ db, nowPayments, policy, log, zeroMeansExact }, providerId)
}
