import { type World } from '../../../sandbox/world.ts'
import { outcomes, type Subject } from './subjects.ts'

/** All that money and files hang on, of one order. */
export type OrderState = {
  readonly status: string
  readonly owned: boolean
  /** Sales booked, shares owed, deliveries queued, announcements made: each once if ever. */
  readonly counts: readonly number[]
  readonly payments: string
  readonly cases: string
}

export async function statesOf({ db }: World): Promise<Map<string, OrderState>> {
  const { rows } = await db.query<OrderState & { id: string }>(
    `select o.id, o.status,
            exists (select from entitlements e where e.order_id = o.id and e.ended_at is null) as "owned",
            array[(select count(*) from ledger_entries e where e.order_id = o.id and e.kind = 'sale'),
                  (select count(*) from payout_items i where i.order_id = o.id),
                  (select count(*) from deliveries d where d.order_id = o.id),
                  (select count(*) from outbox x where x.subject = 'payment.confirmed' and x.dedupe_key = o.id::text)
                 ]::int[] as "counts",
            (select string_agg(concat_ws(' ', attempt, kind, status, rank, actually_paid, covered_cents), '; ' order by attempt)
               from payments p where p.order_id = o.id) as "payments",
            coalesce((select string_agg(kind, '; ' order by kind) from cases c where c.order_id = o.id), '') as "cases"
       from orders o`,
  )
  return new Map(rows.map(({ id, ...state }) => [id, state]))
}

type States = ReadonlyMap<string, OrderState>

const asText = (state: OrderState | undefined): string => JSON.stringify(state)

/** What the flood changed that it had no right to: forged words nothing at all, and untrue ones nothing but a look at the truth. */
export function wronglyChanged(subjects: readonly Subject[], before: States, after: States): string[] {
  return subjects.flatMap((subject) => {
    const [was, is] = [before.get(subject.orderId), after.get(subject.orderId)]
    if (was === undefined || is === undefined) return [`${subject.code}: gone`]
    const isUntouched = asText(was) === asText(is)
    const mayChange = subject.role === 'claimed' || subject.role === 'parent' || subject.role === 'permuted'
    if (isUntouched || (mayChange && isAsTrue(subject, is))) return []
    return [`${subject.code} (${subject.role}, ${subject.truth}): ${asText(was)} became ${asText(is)}`]
  })
}

/** What is not as NOWPayments says, once the truth was told of everything. */
export const notAsTrue = (subjects: readonly Subject[], after: States): string[] =>
  subjects.flatMap((subject) => {
    const state = after.get(subject.orderId)
    return state !== undefined && isAsTrue(subject, state)
      ? []
      : [`${subject.code} (${subject.role}, ${subject.truth}): ${asText(state)}`]
  })

/**
 * A deposit that is named by a rightly signed notification and that NOWPayments cannot tell of is for a person to look at: the
 * order of its parent may be in review, and releases nothing by it.
 */
function isAsTrue({ truth, role }: Subject, { status, owned, counts }: OrderState): boolean {
  const expected = outcomes[truth]
  const isInReview = role === 'parent' && status === 'review' && !owned
  const isOnce = counts.every((count) => count === (expected.owned ? 1 : 0))
  return (
    (status === expected.status && owned === expected.owned && isOnce) ||
    (isInReview && counts.every((count) => count === 0))
  )
}
