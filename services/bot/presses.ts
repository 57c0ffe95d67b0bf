import { type Feature } from './features.ts'

/** Leads every press to the one handler of its action; what is not in the table draws the screen again. */
export const presses: Feature = (features) => {
  features.on('callback_query', async (ctx) => {
    if (ctx.press !== undefined) return features.do(ctx, ctx.press)
    ctx.deps.log.info({ userId: ctx.person.id, reason: 'callback.foreign' }, 'a button nobody knows was pressed')
    await ctx.redraw()
  })
}
