import { type ChoreReport } from '../../../shared/db/chore-runs.ts'
import { type BrokenInvariant, countInvariants, listBrokenInvariants } from '../../../shared/db/invariants.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { keepAndTell, someRefs } from '../../../shared/messaging/check-invariants.ts'
import { textsFor } from '../../../shared/texts/index.ts'
import { type Chore, type ChoreDeps, type Found, hours } from '../chore.ts'

/**
 * What must hold at any moment is asked every hour. What does not is kept, and told once until it holds again or gets worse;
 * it blocks payouts until an administrator acknowledges it.
 */
export const checkInvariants: Chore = {
  name: 'check-invariants',
  when: { everyMs: hours(1) },
  does: 'asks whether the books, rights, files and quotas agree',
  run: async (deps, found) => {
    const broken = await look(deps, found)
    await inTransaction(deps.db, (tx) => keepAndTell(tx, broken))
    for (const { name, count, refs } of broken)
      deps.log.error({ name, count, refs: refs.slice(0, 5), code: 'invariant.broken' }, 'an invariant is broken')
    return report(broken)
  },
  preview: async (deps, found) => report(await look(deps, found)),
}

async function look({ db }: ChoreDeps, found: Found): Promise<BrokenInvariant[]> {
  const broken = await listBrokenInvariants(db)
  for (const one of broken) found(inWords(one))
  return broken
}

const inWords = (one: BrokenInvariant): string =>
  `${textsFor('en').invariants.says(one.name)} (${one.count}: ${someRefs(one)})`

const report = (broken: readonly BrokenInvariant[]): ChoreReport => ({
  checked: countInvariants(),
  changed: 0,
  failed: broken.length,
})
