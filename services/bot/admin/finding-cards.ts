import { type Finding } from '../../../shared/db/invariants.ts'
import { type PayoutBlock } from '../../../shared/domain/invariant.ts'
import { paragraphs } from '../../../shared/telegram/html.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { buttonData } from '../buttons.ts'
import { type Card } from '../context.ts'
import { button, styled } from '../keyboard.ts'

/** Everything that does not hold, each a button; and whether payouts may go on. */
export function findingsCard(
  findings: readonly Finding[],
  blocks: readonly PayoutBlock[],
  { admin, invariants }: Texts,
): Card {
  const blocking = findings.filter(({ acknowledgedAt }) => acknowledgedAt === null).length
  const unchecked = blocks.includes('not-checked-lately') ? invariants.unchecked : undefined
  return {
    at: buttonData('findings'),
    picture: 'neutral',
    text: findings.length === 0 ? (unchecked ?? invariants.none) : paragraphs(invariants.list(blocking), unchecked),
    keyboard: [
      ...findings.map(({ id, name, count, acknowledgedAt }) => [
        button(invariants.entry(name, count, acknowledgedAt !== null), 'finding', { finding: id }),
      ]),
      [button(admin.back, 'admin')],
    ],
  }
}

/** One of them, with where to look. */
export const findingCard = (finding: Finding, { common, invariants }: Texts): Card => ({
  at: buttonData('finding', { finding: finding.id }),
  picture: 'neutral',
  text: invariants.one(finding),
  keyboard: [
    finding.acknowledgedAt === null ? [button(invariants.acknowledge, 'askFinding', { finding: finding.id })] : [],
    [button(common.back, 'findings')],
  ],
})

/** To pay in spite of it takes a second press, which names what was seen. */
export const askFindingCard = ({ id, name, version }: Finding, { common, invariants }: Texts): Card => ({
  at: buttonData('askFinding', { finding: id }),
  picture: 'neutral',
  text: invariants.ask(name),
  keyboard: [
    [styled(button(invariants.acknowledgeNow, 'acceptFinding', { finding: id, version }), 'danger')],
    [button(common.back, 'finding', { finding: id })],
  ],
})
