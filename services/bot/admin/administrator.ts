import { type Branded } from '../../../shared/domain/brand.ts'
import { type PersonId } from '../../../shared/domain/ids.ts'
import { findScreen } from '../../../shared/db/screens.ts'
import { type Action, type ArgumentsOf, readButton } from '../buttons.ts'
import { type BotContext, type BotDeps } from '../context.ts'
import { adminButtons } from './buttons.ts'

/** The Telegram id of somebody the operator named. Only `asAdministrator` makes it. */
export type Administrator = Branded<bigint, 'Administrator'>

type Named = { readonly config: Pick<BotDeps['config'], 'telegram'> }

export const asAdministrator = ({ config }: Named, person: PersonId): Administrator | undefined =>
  config.telegram.admins.includes(person) ? (person as bigint as Administrator) : undefined

/** Every operation asks once more, whoever called it. */
export function mustBeAdministrator({ config }: Named, by: Administrator): void {
  if (!config.telegram.admins.includes(by)) throw new Error('Expected an administrator')
}

type Handler<A extends Action> = (ctx: BotContext, args: ArgumentsOf<A>, by: Administrator) => Promise<void>

/** A button only administrators have; whoever else sends it hears what a button nobody knows is answered with. */
export const forAdministrators =
  <A extends Action>(handler: Handler<A>) =>
  async (ctx: BotContext, args: ArgumentsOf<A>): Promise<void> => {
    const by = asAdministrator(ctx.deps, ctx.person.id)
    if (by !== undefined) return handler(ctx, args, by)
    ctx.deps.log.info({ userId: ctx.person.id, reason: 'callback.foreign' }, 'a button of administrators was pressed')
    if (!(await hasAdminScreen(ctx))) return ctx.redraw()
    await ctx.toast(ctx.texts.common.outdated)
    await ctx.go('home')
  }

/** Somebody who was an administrator a moment ago: their screen cannot be drawn again. */
async function hasAdminScreen({ deps, person }: BotContext): Promise<boolean> {
  const screen = await findScreen(deps.db, deps.bot.id, person.id)
  return Object.hasOwn(adminButtons, readButton(screen?.at ?? '')?.action ?? '')
}
