import { setTimeout as pause } from 'node:timers/promises'
import { type ChoreReport } from '../../../shared/db/chore-runs.ts'
import {
  askToCompare,
  countUncompared,
  listDifferences,
  listPaymentsToCompare,
} from '../../../shared/db/reconciliation.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { type PaymentId } from '../../../shared/domain/ids.ts'
import { alertAdmins } from '../../../shared/messaging/alert-admins.ts'
import { type Chore, type ChoreDeps, type Found, hours, inPages, onlyFound, seconds } from '../chore.ts'

const days = 8
const pageSize = 500

/** How fast, and how long one page is waited for beyond that. */
export type Pace = { readonly spacingMs: number; readonly patienceMs: number }

/** One read a second leaves as much for the payments of today. */
const usual: Pace = { spacingMs: seconds(1), patienceMs: seconds(120) }

/**
 * Once a day `ipn` reads every payment of the orders touched in eight days and compares it with what is written here. What a
 * run does not come to is first in the next.
 */
export const reconcile: Chore = {
  name: 'reconcile',
  when: { dailyAtUtc: '02:00' },
  mostMs: hours(20),
  does: 'has the payments of recent orders compared with what NOWPayments says',
  run: (deps, found) => reconcileAt(usual, deps, found),
  preview: async ({ db }, found) => {
    const ids = await listPaymentsToCompare(db, days)
    for (const id of ids) found(`payment ${id}`)
    return onlyFound(ids.length)
  },
}

export async function reconcileAt(pace: Pace, deps: ChoreDeps, found: Found): Promise<ChoreReport> {
  const report = { checked: 0, changed: 0, failed: 0 }
  for (const page of inPages(await listPaymentsToCompare(deps.db, days), pageSize)) {
    if (deps.signal.aborted) break
    const unread = await comparePage(pace, deps, page)
    const differences = await listDifferences(deps.db, page)
    for (const { providerId, note } of differences) found(`payment ${providerId}: ${note}`)
    report.checked += page.length - unread
    report.changed += differences.length
    report.failed += unread
    if (unread === page.length) break // nobody reads: the rest would fare no better
  }
  if (report.failed > 0 && !deps.signal.aborted) await tellUnread(deps, report.failed)
  return report
}

/** Asks for a page, and waits until it is read, or longer than that can take. Returns how many were not. */
async function comparePage(
  { spacingMs, patienceMs }: Pace,
  deps: ChoreDeps,
  page: readonly PaymentId[],
): Promise<number> {
  await inTransaction(deps.db, (tx) => askToCompare(tx, page, spacingMs)) // begun again where a payment is being decided
  const deadline = performance.now() + page.length * spacingMs + patienceMs
  for (;;) {
    const unread = await countUncompared(deps.db, page)
    if (unread === 0 || deps.signal.aborted || performance.now() > deadline) return unread
    await pause(Math.min(seconds(1), spacingMs), undefined, { signal: deps.signal }).catch(() => undefined)
  }
}

const tellUnread = ({ db }: ChoreDeps, count: number): Promise<void> =>
  alertAdmins(db, 'reconciliation', { about: 'payments not compared', count: String(count) }, { ref: '' })
