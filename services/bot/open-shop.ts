import { adminAlert, noticeQueued } from '../../shared/events/index.ts'
import { type Bus } from '../../shared/messaging/bus.ts'
import { type NowPayments } from '../../shared/nowpayments/client.ts'
import { startLoop } from '../../shared/runtime/loop.ts'
import { type ServiceContext } from '../../shared/runtime/service.ts'
import { findIdentity } from '../../shared/telegram/find-identity.ts'
import { replayAll } from './admin/settle-letter.ts'
import { buildBot } from './bot.ts'
import { checkoutDeps } from './checkout/checkout-deps.ts'
import { serveOrders } from './checkout/serve-orders.ts'
import { publishCommands } from './commands.ts'
import { type BotConfig } from './config.ts'
import { type BotDeps } from './context.ts'
import { giveUp } from './give-up.ts'
import { serveMails } from './mail/serve-mails.ts'
import { tellAdmins } from './notices/tell-admins.ts'
import { alarmTeller } from './notices/tell-alarms.ts'
import { tellNotice } from './notices/tell-notice.ts'
import { persist } from './persist.ts'
import { shopFeatures } from './shop-features.ts'
import { readTermsVersion } from './terms-version.ts'
import { fetchUpdates } from './updates/fetch.ts'
import { startHandling } from './updates/handle.ts'

export type ShopDeps = Omit<BotDeps, 'bot'> & { readonly payments: NowPayments; readonly bus: Bus }

/** Opens the chat side once Telegram said who this bot is: updates are handled and fetched, order messages redrawn. */
export async function openShop(given: ShopDeps, { own, stopping, monitor }: ServiceContext<BotConfig>): Promise<void> {
  const { bus, payments, ...rest } = given
  const deps: BotDeps = { ...rest, bot: await findIdentity(given.telegram, given.log, stopping) }
  const { db, telegram, log, config } = deps
  const settings = { payments, termsVersion: await readTermsVersion(config.texts) }
  log.info({ bot: deps.bot.username, updates: config.webhook === undefined ? 'polling' : 'webhook' }, 'bot is open')

  monitor.offer('replay-dead-letters', () => replayAll(deps))

  const chat = buildBot(deps, shopFeatures(settings))
  const handling = startHandling({
    db,
    log,
    botId: deps.bot.id,
    handle: chat.handle,
    giveUp: (held, error) => giveUp(deps, held, error),
  })
  own(handling, () => handling.stop())
  const loops = [
    fetchUpdates(deps, config.webhook, stopping),
    persist('publish the commands', () => publishCommands(telegram, config.defaultLanguage), log, stopping),
  ]
  own({ loops }, () => Promise.all(loops))

  own(serveOrders(bus, checkoutDeps(deps, settings)), (serving) => serving.stop())
  own(serveMails(bus, deps), (mailer) => mailer.close())
  bus.subscribe(noticeQueued, { durable: 'bot-notice-queued' }, (queued) => tellNotice(deps, queued))
  own(startLoop(log, 'alarms', alarmTeller(deps)), (telling) => telling.stop())
  bus.subscribe(adminAlert, { durable: 'bot-admin-alert' }, (alert, { messageId }) =>
    tellAdmins(deps, alert, messageId),
  )
}
