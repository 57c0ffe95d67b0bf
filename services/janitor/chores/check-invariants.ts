import { type ChoreReport } from '../../../shared/db/chore-runs.ts'
import {
  type BrokenInvariant,
  countInvariants,
  listBrokenInvariants,
} from '../../../shared/db/chores/check-invariants.ts'
import { adminAlert } from '../../../shared/events/index.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'
import { type Chore, type ChoreDeps, type Found, hours } from '../chore.ts'

/** What must hold at any moment is asked every hour; whatever does not is told until it does again. */
export const checkInvariants: Chore = {
  name: 'check-invariants',
  when: { everyMs: hours(1) },
  does: 'asks whether the books, rights, files and quotas agree',
  run: async (deps, found) => {
    const broken = await look(deps, found)
    for (const one of broken) {
      const text = `Something that must never be: ${inWords(one)}`
      await enqueue(deps.db, adminAlert, `invariant:${one.says}`, { kind: 'invariants', text, ref: one.refs[0] ?? '' })
      deps.log.error({ count: one.count, refs: one.refs, code: 'invariant.broken' }, one.says)
    }
    return report(broken)
  },
  preview: async (deps, found) => report(await look(deps, found)),
}

async function look({ db }: ChoreDeps, found: Found): Promise<BrokenInvariant[]> {
  const broken = await listBrokenInvariants(db)
  for (const one of broken) found(inWords(one))
  return broken
}

const inWords = ({ says, count, refs }: BrokenInvariant): string => `${says} (${count}: ${refs.join(', ')})`

const report = (broken: readonly BrokenInvariant[]): ChoreReport => ({
  checked: countInvariants(),
  changed: 0,
  failed: broken.length,
})
