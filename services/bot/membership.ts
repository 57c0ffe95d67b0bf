import { type Context, type MiddlewareFn } from 'telegraf'
import { setReachable } from '../../shared/db/users.ts'
import { type BotDeps } from './context.ts'
import { meet, welcomeBack } from './sender.ts'

/** Telegram tells when somebody blocks the bot or comes back. In groups it means nothing to us. */
export function noteMembership(deps: BotDeps): MiddlewareFn<Context> {
  return async ({ myChatMember: change }, next) => {
    if (change === undefined) return next()
    if (change.chat.type !== 'private') return
    const person = await meet(deps, change.from)
    const isBlocked = change.new_chat_member.status === 'kicked'
    if (isBlocked) await setReachable(deps.db, person.id, false)
    else await welcomeBack(deps, person.id)
    deps.log.info({ userId: person.id, reachable: !isBlocked }, isBlocked ? 'bot blocked' : 'bot unblocked')
  }
}
