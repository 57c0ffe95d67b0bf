import { type Bot, type WebhookSettings } from '../bots.ts'
import { badRequest, tooManyRequests } from '../errors.ts'
import { type Params } from '../params.ts'
import { type Call, type Method, type World } from '../world.ts'
import { keepAllowedUpdates } from './get-updates.ts'

const lastSet = new WeakMap<World, Map<number, number>>()

/** Any http or https address is accepted, as by a local Bot API server: the sandbox has no certificates. */
export const setWebhook: Method = (call) => {
  const { world, bot, params } = call
  if (params.text('url') === '') return removeWebhook(call)
  limitRate(world, bot)
  const settings = readSettings(params)
  keepAllowedUpdates(world, bot, params)
  if (params.flag('drop_pending_updates')) world.updates.keepNewest(bot.id, 0)
  bot.webhook = settings
  world.bots.save(bot)
  world.dispatch.applyWebhook(bot)
  return true
}

export const deleteWebhook: Method = (call) => removeWebhook(call)

export const getWebhookInfo: Method = ({ world, bot }) => {
  const { webhook, allowedUpdates } = bot
  const error = world.dispatch.sender(bot.id)?.lastError
  return {
    url: webhook?.url ?? '',
    has_custom_certificate: false,
    pending_update_count: world.updates.pending(bot.id).length,
    ...(allowedUpdates === undefined ? {} : { allowed_updates: allowedUpdates }),
    ...(webhook === undefined ? {} : { max_connections: webhook.maxConnections }),
    ...(webhook?.ipAddress === undefined ? {} : { ip_address: webhook.ipAddress }),
    ...(error === undefined ? {} : { last_error_date: error.date, last_error_message: error.message }),
  }
}

function removeWebhook({ world, bot, params }: Call): true {
  if (params.flag('drop_pending_updates')) world.updates.keepNewest(bot.id, 0)
  bot.webhook = undefined
  world.bots.save(bot)
  world.dispatch.applyWebhook(bot)
  return true
}

/** The server takes one webhook a second. */
function limitRate(world: World, bot: Bot): void {
  const times = lastSet.get(world) ?? new Map<number, number>()
  lastSet.set(world, times)
  const now = world.clock.now()
  if (now - (times.get(bot.id) ?? -Infinity) < 1000) throw tooManyRequests(1)
  times.set(bot.id, now)
}

function readSettings(params: Params): WebhookSettings {
  const url = params.text('url')
  if (!/^https?:\/\/[^/]/i.test(url) || !URL.canParse(url)) throw badRequest('invalid webhook URL specified')
  const secretToken = params.text('secret_token')
  if (secretToken.length > 256) throw badRequest('secret token is too long')
  if (!/^[\w-]*$/.test(secretToken)) throw badRequest('secret token contains unallowed characters')
  const ipAddress = params.text('ip_address')
  const maxConnections = params.integer('max_connections', 40, 1, 100)
  return { url, secretToken, maxConnections, ...(ipAddress === '' ? {} : { ipAddress }) }
}
