import { count, outOf } from './figures.ts'
import { type Goal } from './goals.ts'
import { type Fuzzed } from '../fuzz/run.ts'
import { type Findings } from './invariants.ts'
import { type Liar } from './lies.ts'

const first = (found: readonly string[]): string =>
  found.length === 0
    ? ''
    : `: ${found
        .slice(0, 5)
        .map((text) => text.slice(0, 100))
        .join(' ')}`

const seen = 'every chat looked at from outside at the end, files compared by SHA-256'

/** What the chats and the books say of the whole run. */
export function counted(findings: Findings, faults: number, liar: Liar, fuzzed: Fuzzed | undefined): Goal[] {
  const { paid, lost, twice, wrong, unlike, shuffled } = findings
  return [
    {
      id: 'G1',
      goal: 'confirmed payments lost',
      target: '0 at every failpoint × kill, throw, hang; 0 in chaos',
      measured: `${outOf(lost.length, paid)}, ${count(faults)} faults${first(lost)}`,
      isMet: lost.length === 0,
      how: `${seen}; the matrix of failpoints is in \`npm test\``,
    },
    {
      id: 'G2',
      goal: 'orders with more than one file',
      target: '0',
      measured: `${outOf(twice.length, paid)}${first(twice)}`,
      isMet: twice.length === 0,
      how: seen,
    },
    {
      id: 'G3',
      goal: 'wrong file, wrong chat, unpaid delivery',
      target: '0',
      measured: `${outOf(wrong.length, paid)}${first(wrong)}`,
      isMet: wrong.length === 0,
      how: seen,
    },
    lies(findings, liar, fuzzed),
    {
      id: 'G5',
      goal: 'repeated and reordered notifications',
      target: '1 delivery, same final state',
      measured: `${outOf(unlike.length, shuffled)} not delivered and booked exactly once${first(unlike)}`,
      isMet: shuffled === 0 ? undefined : unlike.length === 0,
      how: 'each of the four notifications of a payment three times, shuffled; every permutation is in `npm test`',
    },
  ]
}

// the intake may say 503 of anything while it is busy; how soon it answers is another goal
const isAboutTime = (fault: string): boolean => /was answered (0|503), not/.test(fault)

function lies({ released, unbalanced }: Findings, liar: Liar, fuzzed: Fuzzed | undefined): Goal {
  const faults = (fuzzed?.faults ?? []).filter((fault) => !isAboutTime(fault))
  const inFuzz = fuzzed === undefined ? 'no fuzz' : `fuzz: ${outOf(faults.length, fuzzed.answers.length)}`
  const wrong = released.length + unbalanced.length + liar.answeredWrongly + faults.length
  const isMeasured = fuzzed !== undefined && liar.told > 0
  return {
    id: 'G4',
    goal: 'forged, tampered, replayed or wrong-amount notifications that change state',
    target: '0 of 10,000, fuzzed',
    measured: `${inFuzz}${first(faults)}; about orders of the run ${outOf(released.length, liar.told)} (${liar.toString()}), ${liar.answeredWrongly} answered otherwise than they should be${first(released)}; books: ${unbalanced.join('; ') || 'balance'}`,
    isMet: isMeasured ? wrong === 0 : undefined,
    how: '`npm run fuzz` beside G7; in the run about orders that nobody paid in full, their state, the books and the sum at NOWPayments at the end',
  }
}
