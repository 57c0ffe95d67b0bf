import { type Database, inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import { claimTelling, endTelling, tellingFreeInMs } from '../../../shared/db/tellings.ts'
import { RetryLater } from '../../../shared/messaging/retry-later.ts'
import { failpoint } from '../../../shared/runtime/failpoint.ts'

/** One thing to be told to one person, under a name of its own. */
export type Telling<Outcome> = {
  readonly key: string
  /** Asked again once nobody else can be telling it. */
  readonly isTold: () => Promise<boolean>
  readonly send: () => Promise<Outcome>
  /** Notes what became of it, for ever. */
  readonly mark: (tx: Queryable, outcome: Outcome) => Promise<unknown>
}

// longer than one call may take, with the pauses Telegram asks for
const leaseMs = 20_000

/**
 * Tells something once, however many copies are asked to and however often. One case is left, because Telegram cannot be
 * asked: whoever dies, or loses the answer, between the sending and the note may have told, and it is told again.
 */
export async function tellOnce<Outcome>(db: Database, { key, isTold, send, mark }: Telling<Outcome>): Promise<void> {
  const held = await claimTelling(db, key, leaseMs)
  if (held === undefined) throw new RetryLater(Math.max(100, await tellingFreeInMs(db, key)), 'somebody is telling it')
  try {
    if (await isTold()) return
    await failpoint('notice.claimed')
    const outcome = await send()
    await failpoint('notice.sent')
    await inTransaction(db, (tx) => mark(tx, outcome))
  } finally {
    await endTelling(db, held)
  }
}
