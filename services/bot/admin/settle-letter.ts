import { insertAudit } from '../../../shared/db/audit-log.ts'
import {
  type DeadLetter,
  listOpenDeadLetters,
  markDeadLetterResolved,
  countOpenDeadLetters,
} from '../../../shared/db/dead-letters.ts'
import { inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import { type DeliveryMethod } from '../../../shared/domain/delivery.ts'
import { type DeadLetterId } from '../../../shared/domain/ids.ts'
import { type BotDeps } from '../context.ts'
import { type Administrator, mustBeAdministrator } from './administrator.ts'
import { type DiscardReason } from './buttons.ts'
import { sendLetterAgain, type SentAgain } from './send-letter-again.ts'

/** Whoever may start and stop the services; no update from a chat can claim it. */
export type Operator = 'operator'

export type SettleDeps = Pick<BotDeps, 'db' | 'bot' | 'config' | 'log'>

export type Settled = SentAgain | 'discarded' | 'settled already'

/** Sends what a dead letter holds again, and closes it, and writes down who did: all of it or nothing, once. */
export const replayLetter = (
  deps: SettleDeps,
  by: Administrator | Operator,
  id: DeadLetterId,
  method: DeliveryMethod = 'document',
): Promise<Settled> => {
  const action = method === 'link' ? 'dead-letter.link' : 'dead-letter.replay'
  return settle(deps, by, id, { action }, (tx, letter) => sendLetterAgain(tx, letter, { botId: deps.bot.id, method }))
}

/** Closes a dead letter for good, with why. */
export const discardLetter = (
  deps: SettleDeps,
  by: Administrator,
  id: DeadLetterId,
  reason: DiscardReason,
): Promise<Settled> =>
  settle(deps, by, id, { action: 'dead-letter.discard', reason }, () => Promise.resolve('discarded'))

const mostAtOnce = 500

/** Sends all of a kind again that were open a moment ago; each on its own, so that one cannot hold up the others. */
export async function replayKind(
  deps: SettleDeps,
  by: Administrator | Operator,
  kind: string,
): Promise<{ readonly sent: number; readonly left: number }> {
  const open = await listOpenDeadLetters(deps.db, { kind, limit: mostAtOnce })
  let sent = 0
  for (const { id } of open) {
    const settled = await replayLetter(deps, by, id)
    if (settled === 'sent' || settled === 'nothing left') sent += 1
  }
  const counts = await countOpenDeadLetters(deps.db)
  return { sent, left: counts.find((one) => one.kind === kind)?.count ?? 0 }
}

/** Everything that is open, asked for where the services run. */
export async function replayAll(deps: SettleDeps): Promise<{ readonly sent: number; readonly left: number }> {
  const kinds = await countOpenDeadLetters(deps.db)
  let sent = 0
  for (const { kind } of kinds) sent += (await replayKind(deps, 'operator', kind)).sent
  const left = (await countOpenDeadLetters(deps.db)).reduce((sum, { count }) => sum + count, 0)
  return { sent, left }
}

type Doing = { readonly action: string; readonly reason?: DiscardReason }

async function settle(
  deps: SettleDeps,
  by: Administrator | Operator,
  id: DeadLetterId,
  doing: Doing,
  work: (tx: Queryable, letter: DeadLetter) => Promise<Settled>,
): Promise<Settled> {
  if (by !== 'operator') mustBeAdministrator(deps, by)
  try {
    const settled = await inTransaction(deps.db, (tx) => settleIn(tx, by, id, doing, work))
    deps.log.info({ userId: by, letterId: id, action: doing.action, outcome: settled }, 'dead letter settled')
    return settled
  } catch (error) {
    if (error instanceof CannotBeSent) return 'cannot be sent'
    throw error
  }
}

/** Undoes what was written: the letter stays open. */
class CannotBeSent extends Error {}

async function settleIn(
  tx: Queryable,
  by: Administrator | Operator,
  id: DeadLetterId,
  { action, reason }: Doing,
  work: (tx: Queryable, letter: DeadLetter) => Promise<Settled>,
): Promise<Settled> {
  const letter = await markDeadLetterResolved(tx, id, `${by}: ${action}`)
  if (letter === undefined) return 'settled already'
  const settled = await work(tx, letter)
  if (settled === 'cannot be sent') throw new CannotBeSent()
  await insertAudit(tx, {
    actor: by,
    action,
    target: letter.ref,
    before: { kind: letter.kind, reason: letter.reason },
    after: { outcome: settled },
    ...(reason === undefined ? {} : { reason }),
  })
  return settled
}
