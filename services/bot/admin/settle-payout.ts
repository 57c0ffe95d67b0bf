import { randomBytes } from 'node:crypto'
import { insertAudit } from '../../../shared/db/audit-log.ts'
import {
  type Batch,
  findPreparedBatch,
  lockBatch,
  lockBatchOf,
  markBatchConfirmed,
  markBatchOver,
} from '../../../shared/db/batches.ts'
import { inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import {
  findPayout,
  isUsedElsewhere,
  listPayouts,
  markPayoutSent,
  markPayoutSettled,
  type Payout,
  releasePayout,
} from '../../../shared/db/payouts.ts'
import { isBatchUnchanged, prepareBatch } from '../../../shared/db/prepare-batch.ts'
import { type BatchId, type PayoutId } from '../../../shared/domain/ids.ts'
import { codeFrom, productCodeLength } from '../../../shared/domain/public-code.ts'
import { payoutsBlockedNow } from '../../../shared/messaging/check-invariants.ts'
import { notify } from '../../../shared/messaging/notify.ts'
import { type BotDeps } from '../context.ts'
import { type Administrator, mustBeAdministrator } from './administrator.ts'

export type PayoutDeps = Pick<BotDeps, 'db' | 'config' | 'log'>

export type Prepared = { readonly kind: 'prepared'; readonly id: BatchId } | { readonly kind: 'nobody' | 'blocked' }

/** Freezes the list of who is paid. While one waits to be confirmed, that one is the list. */
export async function prepare(deps: PayoutDeps, by: Administrator): Promise<Prepared> {
  mustBeAdministrator(deps, by)
  return inTransaction(deps.db, async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('payouts', 76))`)
    const waiting = await findPreparedBatch(tx)
    if (waiting !== undefined) return { kind: 'prepared', id: waiting.id }
    if ((await payoutsBlockedNow(tx)).length > 0) return { kind: 'blocked' }
    const code = codeFrom(randomBytes(productCodeLength))
    const id = await prepareBatch(tx, { code, leastCents: deps.config.money.payoutMinCents, by })
    if (id === undefined) return { kind: 'nobody' }
    await insertAudit(tx, { actor: by, action: 'batch.prepare', target: id, after: { code } })
    return { kind: 'prepared', id }
  })
}

export type Confirmed = 'confirmed' | 'changed' | 'blocked' | 'over'

/** Confirms the list as it was shown. What changed since makes it void: nothing of it is paid, and it is prepared again. */
export async function confirm(deps: PayoutDeps, tx: Queryable, by: Administrator, id: BatchId): Promise<Confirmed> {
  mustBeAdministrator(deps, by)
  const batch = await lockBatch(tx, id)
  if (batch?.state !== 'prepared') return 'over'
  if ((await payoutsBlockedNow(tx)).length > 0) return 'blocked'
  if (!(await isBatchUnchanged(tx, id))) {
    await release(tx, batch, 'list changed')
    await insertAudit(tx, { actor: by, action: 'batch.void', target: id, reason: 'list changed' })
    return 'changed'
  }
  await markBatchConfirmed(tx, id, by)
  const after = { code: batch.code, cents: batch.cents.toString(), payouts: batch.count }
  await insertAudit(tx, { actor: by, action: 'batch.confirm', target: id, after })
  return 'confirmed'
}

/** Takes the whole list back as the administrator saw it, while no transaction was entered. */
export async function cancelBatch(
  deps: PayoutDeps,
  by: Administrator,
  id: BatchId,
  seen: 'prepared' | 'confirmed',
): Promise<boolean> {
  mustBeAdministrator(deps, by)
  return inTransaction(deps.db, async (tx) => {
    const batch = await lockBatch(tx, id)
    if (batch?.state !== seen || !batch.isUntouched || !(await release(tx, batch, 'cancelled'))) return false
    await insertAudit(tx, { actor: by, action: 'batch.cancel', target: id, before: { state: batch.state } })
    return true
  })
}

async function release(tx: Queryable, { id }: Batch, reason: string): Promise<boolean> {
  if (!(await markBatchOver(tx, id, 'cancelled', reason))) return false
  for (const payout of await listPayouts(tx, id)) await releasePayout(tx, payout.id, 'cancelled', reason)
  return true
}

export type Settled = 'sent' | 'settled' | 'failed' | 'over' | 'hash used'

/** The transfer was made: the seller is paid and told, once. */
export async function sendPayout(
  deps: PayoutDeps,
  tx: Queryable,
  by: Administrator,
  id: PayoutId,
  txHash: string,
): Promise<Settled> {
  mustBeAdministrator(deps, by)
  const batch = await lockBatchOf(tx, id)
  if (batch === undefined) return 'over'
  if (await isUsedElsewhere(tx, txHash, batch.id)) return 'hash used'
  if (!(await markPayoutSent(tx, id, txHash, by))) return 'over'
  const { sellerId, cents, address, orderCodes } = await mustFind(tx, id)
  const facts = { payoutId: id, cents: cents.toString(), address, hash: txHash, orderCodes }
  await notify(tx, sellerId, id, { kind: 'payout sent', ...facts })
  await closeWhenDone(tx, batch.id)
  await insertAudit(tx, { actor: by, action: 'payout.sent', target: id, after: { ...facts, seller: String(sellerId) } })
  return 'sent'
}

/**
 * It did not work, or did not arrive: the seller is owed it again, and told why. One that was noted as paid since it was seen
 * is not taken back.
 */
export async function failPayout(
  deps: PayoutDeps,
  tx: Queryable,
  by: Administrator,
  id: PayoutId,
  { seen, reason }: { readonly seen: 'confirmed' | 'sent'; readonly reason: string },
): Promise<Settled> {
  mustBeAdministrator(deps, by)
  const batch = await lockBatchOf(tx, id)
  const before = await findPayout(tx, id)
  if (batch === undefined || before?.state !== seen) return 'over'
  if (!(await releasePayout(tx, id, 'failed', reason))) return 'over'
  const cents = before.cents.toString()
  await notify(tx, before.sellerId, id, { kind: 'payout failed', payoutId: id, cents, reason })
  await closeWhenDone(tx, batch.id)
  await insertAudit(tx, {
    actor: by,
    action: 'payout.failed',
    target: id,
    before: { state: before.state, cents },
    reason,
  })
  return 'failed'
}

/** An administrator saw it on the network. */
export async function settlePayout(deps: PayoutDeps, by: Administrator, id: PayoutId): Promise<Settled> {
  mustBeAdministrator(deps, by)
  return inTransaction(deps.db, async (tx) => {
    await lockBatchOf(tx, id)
    if (!(await markPayoutSettled(tx, id, by))) return 'over'
    await insertAudit(tx, { actor: by, action: 'payout.settled', target: id })
    return 'settled'
  })
}

/** A batch is closed once each of its payouts was sent or failed. */
async function closeWhenDone(tx: Queryable, id: BatchId): Promise<void> {
  const batch = await lockBatch(tx, id)
  if (batch?.waiting === 0) await markBatchOver(tx, id, 'closed')
}

async function mustFind(tx: Queryable, id: PayoutId): Promise<Payout> {
  const payout = await findPayout(tx, id)
  if (payout === undefined) throw new Error(`Expected payout ${id} to exist, got none`)
  return payout
}
