import { type Texts } from '../../../shared/texts/index.ts'
import { type Decided } from './decide-case.ts'
import { type RefundOutcome } from './settle-refund.ts'

/** What came of a decision, in the words of an administrator. */
export function sayDecided(decided: Decided, { cases }: Texts): string {
  const lines: Readonly<Record<Decided, string>> = {
    accepted: cases.accepted,
    closed: cases.closed,
    'decided already': cases.settledAlready,
    changed: cases.changed,
    owned: cases.owned,
    withdrawn: cases.withdrawn,
    'refund open': cases.refundOpen,
    'nothing came': cases.nothingCame,
  }
  return lines[decided]
}

export function sayRefund(outcome: RefundOutcome, { cases }: Texts): string {
  const lines: Readonly<Record<RefundOutcome, string>> = {
    opened: cases.opened,
    sent: cases.sent,
    rejected: cases.rejected,
    'settled already': cases.settledAlready,
    'refund open': cases.refundOpen,
    changed: cases.changed,
    'in a batch': cases.inBatch,
    'hash used': cases.hashUsed,
  }
  return lines[outcome]
}
