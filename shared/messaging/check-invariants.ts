import { insertChoreRun } from '../db/chore-runs.ts'
import {
  type BrokenInvariant,
  countInvariants,
  keepBrokenInvariants,
  listBrokenInvariants,
  payoutsBlockedBy,
} from '../db/invariants.ts'
import { type Queryable } from '../db/pool.ts'
import { type PayoutBlock } from '../domain/invariant.ts'
import { alertAdmins } from './alert-admins.ts'

const shownRefs = 5

/** The first places where it is broken, as they fit a line. */
export const someRefs = ({ count, refs }: BrokenInvariant): string =>
  `${refs.slice(0, shownRefs).join(', ')}${count > shownRefs ? ', …' : ''}`

/** Keeps what was found, and has administrators told of what is new or worse. */
export async function keepAndTell(tx: Queryable, broken: readonly BrokenInvariant[]): Promise<void> {
  for (const one of await keepBrokenInvariants(tx, broken)) {
    const alert = { about: 'broken invariant', name: one.name, count: String(one.count), refs: someRefs(one) } as const
    await alertAdmins(tx, `invariant:${one.name}`, alert, { ref: one.refs[0] ?? '' })
  }
}

/** What speaks against paying sellers now: where nobody has looked lately, it is looked for on the spot. */
export async function payoutsBlockedNow(tx: Queryable): Promise<PayoutBlock[]> {
  const known = await payoutsBlockedBy(tx)
  if (!known.includes('not-checked-lately')) return known
  const startedAt = performance.now()
  const broken = await listBrokenInvariants(tx)
  await keepAndTell(tx, broken)
  await insertChoreRun(tx, {
    chore: 'check-invariants',
    dryRun: false,
    durationMs: Math.round(performance.now() - startedAt),
    checked: countInvariants(),
    changed: 0,
    failed: broken.length,
    error: null,
  })
  return payoutsBlockedBy(tx)
}
