import { type Context } from 'telegraf'
import { type Feature } from '../features.ts'
import { asAdministrator } from './administrator.ts'
import { serveAppeals } from './appeals.ts'
import { serveCases } from './cases.ts'
import { serveFindings } from './findings.ts'
import { serveFreezes } from './freezes.ts'
import { serveLetters, showAdminHome } from './letters.ts'
import { serveModeration } from './moderation.ts'
import { find } from './find.ts'
import { servePayouts } from './payouts.ts'
import { serveRefunds } from './refunds.ts'
import { serveTimeline } from './timeline.ts'

const longestQuery = 40

/** For the people the operator named: what waits for them, and any order, product or person. To everybody else there is no such command. */
export const admin: Feature = (features) => {
  features.command('admin', async (ctx, next) => {
    if (asAdministrator(ctx.deps, ctx.person.id) === undefined || isSecondHand(ctx)) return next()
    const query = ctx.payload.trim().slice(0, longestQuery)
    await (query === '' ? showAdminHome(ctx) : find(ctx, query))
  })
  serveLetters(features)
  serveTimeline(features)
  serveModeration(features)
  serveAppeals(features)
  serveFindings(features)
  serveFreezes(features)
  serveCases(features)
  serveRefunds(features)
  servePayouts(features)
}

/** Written by somebody else, or in the name of a chat: not a wish of the administrator. */
const isSecondHand = ({ message }: Context): boolean =>
  message !== undefined && ('forward_origin' in message || 'sender_chat' in message)
