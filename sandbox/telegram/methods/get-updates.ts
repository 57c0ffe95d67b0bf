import { type Bot } from '../bots.ts'
import { conflict } from '../errors.ts'
import { type Params } from '../params.ts'
import { type Method, type World } from '../world.ts'

const underWebhook =
  "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"

export const getUpdates: Method = ({ world, bot, params, gone }) => {
  const poller = world.dispatch.poller(bot.id)
  if (bot.webhook !== undefined) {
    return new Promise((_resolve, reject) => {
      poller.refuse(conflict(underWebhook), reject)
    })
  }
  keepAllowedUpdates(world, bot, params)
  const offset = params.integer('offset', 0)
  const limit = params.integer('limit', 100, 1, 100)
  const timeout = params.integer('timeout', 0, 0, 50)
  return poller.poll({ offset, limit, timeout }, gone)
}

const kinds = (
  'message edited_message channel_post edited_channel_post inline_query chosen_inline_result callback_query ' +
  'shipping_query pre_checkout_query poll poll_answer my_chat_member chat_member chat_join_request chat_boost ' +
  'removed_chat_boost message_reaction message_reaction_count business_connection business_message ' +
  'edited_business_message deleted_business_messages purchased_paid_media managed_bot guest_message'
).split(' ')

/** `allowed_updates`: left out keeps what was said before, an empty list is the default set. */
export function keepAllowedUpdates(world: World, bot: Bot, params: Params): void {
  if (!params.has('allowed_updates')) return
  const value = params.entities('allowed_updates')
  if (!Array.isArray(value)) return
  const wanted = value.map((kind) => String(kind).toLowerCase()).filter((kind) => kinds.includes(kind))
  bot.allowedUpdates = wanted.length === 0 ? undefined : wanted
  world.bots.save(bot)
}
