import { type ChoreReport } from '../../../shared/db/chore-runs.ts'
import {
  type BrokenInvariant,
  countInvariants,
  keepBrokenInvariants,
  listBrokenInvariants,
} from '../../../shared/db/invariants.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { adminAlert } from '../../../shared/events/index.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'
import { textsFor } from '../../../shared/texts/index.ts'
import { type Chore, type ChoreDeps, type Found, hours } from '../chore.ts'

const shownRefs = 5

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
    await keepAndTell(deps, broken)
    for (const { name, count, refs } of broken)
      deps.log.error(
        { name, count, refs: refs.slice(0, shownRefs), code: 'invariant.broken' },
        'an invariant is broken',
      )
    return report(broken)
  },
  preview: async (deps, found) => report(await look(deps, found)),
}

async function look({ db }: ChoreDeps, found: Found): Promise<BrokenInvariant[]> {
  const broken = await listBrokenInvariants(db)
  for (const one of broken) found(inWords(one))
  return broken
}

const keepAndTell = ({ db }: ChoreDeps, broken: readonly BrokenInvariant[]): Promise<void> =>
  inTransaction(db, async (tx) => {
    for (const one of await keepBrokenInvariants(tx, broken)) {
      const text = `Something that must never be: ${inWords(one)}. No seller is paid until it is acknowledged.`
      await enqueue(tx, adminAlert, `invariant:${one.name}`, { kind: 'invariants', text, ref: one.refs[0] ?? '' })
    }
  })

const inWords = ({ name, count, refs }: BrokenInvariant): string => {
  const more = count > shownRefs ? ', …' : ''
  return `${textsFor('en').invariants.says(name)} (${count}: ${refs.slice(0, shownRefs).join(', ')}${more})`
}

const report = (broken: readonly BrokenInvariant[]): ChoreReport => ({
  checked: countInvariants(),
  changed: 0,
  failed: broken.length,
})
