import { freezePayouts } from '../../../shared/db/payout-freezes.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { alertAdmins } from '../../../shared/messaging/alert-admins.ts'
import { type Feature } from '../features.ts'

/** [This was not me] under a change: nothing is paid out any more, and the administrators know. */
export const notMe: Feature = (features) => {
  features.press('notMe', async (ctx, { change }) => {
    const { deps, person, texts } = ctx
    const freezing = await inTransaction(deps.db, async (tx) => {
      const frozen = await freezePayouts(tx, person.id, change)
      if (frozen?.kind === 'frozen')
        await alertAdmins(tx, `payouts frozen:${change}`, { about: 'payouts frozen' }, { ref: frozen.shop })
      return frozen
    })
    deps.log.warn({ userId: person.id, outcome: freezing?.kind, reason: 'payouts.frozen' }, 'a seller disowns a change')
    if (freezing === undefined) await ctx.toast(texts.common.notFound)
    else await ctx.say(texts.desk.frozen)
  })
}
