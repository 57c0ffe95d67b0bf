import { type DeadLetter, type DeadLetterCount } from '../../../shared/db/dead-letters.ts'
import { type NamedOrder } from '../../../shared/db/admin-counts.ts'
import { type AdminHomeFacts } from '../../../shared/texts/facts.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { buttonData } from '../buttons.ts'
import { type Card } from '../context.ts'
import { button, styled } from '../keyboard.ts'
import { lastPage, pageRow } from '../page-row.ts'
import { discardReasons } from './buttons.ts'

export const lettersPerPage = 10

/** What waits for administrators, each kind of it a button. */
export function adminHomeCard(
  facts: AdminHomeFacts,
  kinds: readonly DeadLetterCount[],
  findings: number,
  { admin, appeals, common, cases, payouts, freezes, invariants }: Texts,
): Card {
  return {
    at: buttonData('admin'),
    picture: 'neutral',
    text: admin.home(facts),
    keyboard: [
      findings === 0 ? [] : [button(invariants.waiting(findings), 'findings')],
      facts.frozen === 0 ? [] : [button(freezes.waiting(facts.frozen), 'frozenSellers')],
      facts.appeals === 0 ? [] : [button(appeals.waiting(facts.appeals), 'appeals', { page: 0 })],
      [
        button(cases.casesButton(facts.openCases), 'cases', { page: 0 }),
        button(cases.refundsButton(facts.openRefunds), 'refunds', { page: 0 }),
      ],
      [button(payouts.button, 'payouts')],
      ...kinds.map(({ kind, count }) => [button(admin.kindCount(kind, count), 'letters', { kind, page: 0 })]),
      [button(admin.refresh, 'admin'), button(common.home, 'home')],
    ],
  }
}

export type LetterPage = {
  readonly kind: string
  readonly letters: readonly DeadLetter[]
  readonly count: number
  readonly page: number
}

/** The dead letters of one kind, oldest first. */
export function lettersCard({ kind, letters, count, page }: LetterPage, { admin }: Texts): Card {
  const first = page * lettersPerPage + 1
  const numbered = letters.map((letter, index) => ({ ...letter, position: first + index }))
  const numbers = numbered.map(({ position, id }) => button(String(position), 'letter', { letter: id }))
  return {
    at: buttonData('letters', { kind, page }),
    picture: 'neutral',
    text: count === 0 ? admin.noLetters : admin.letters(kind, count, numbered),
    keyboard: [
      numbers.slice(0, 5),
      numbers.slice(5),
      pageRow(page, lastPage(count, lettersPerPage), (label, to) => button(label, 'letters', { kind, page: to })),
      count > 0 ? [button(admin.sendAllAgain(count), 'sendLetters', { kind })] : [],
      [button(admin.back, 'admin')],
    ],
  }
}

/** One dead letter, and what can be done about it. */
export function letterCard(letter: DeadLetter, order: NamedOrder | undefined, { admin, common }: Texts): Card {
  const { id, kind } = letter
  return {
    at: buttonData('letter', { letter: id }),
    picture: 'neutral',
    text: admin.letter({ ...letter, position: 1 }, order?.code ?? null),
    keyboard: [
      [
        styled(button(admin.sendAgain, 'sendLetter', { letter: id }), 'success'),
        ...(kind === 'delivery' ? [button(admin.asLink, 'linkLetter', { letter: id })] : []),
      ],
      [
        button(admin.discard, 'dropLetter', { letter: id }),
        ...(order === undefined ? [] : [button(admin.order, 'timeline', { order: order.code, page: 0 })]),
      ],
      [button(common.back, 'letters', { kind, page: 0 })],
    ],
  }
}

/** A discarded letter is never sent again, so it takes a second press that says why. */
export const whyDiscardCard = ({ id }: DeadLetter, { admin, common }: Texts): Card => ({
  at: buttonData('dropLetter', { letter: id }),
  picture: 'neutral',
  text: admin.whyDiscard,
  keyboard: [
    ...discardReasons.map((reason) => [button(admin.reasons[reason], 'dropLetterAs', { letter: id, reason })]),
    [button(common.back, 'letter', { letter: id })],
  ],
})
