import { randomUUID } from 'node:crypto'
import { type Logger } from 'pino'
import { endAppeals } from '../../../shared/db/appeals.ts'
import { insertAudit } from '../../../shared/db/audit-log.ts'
import { moderateProduct, type ProductChange, restorePerson, suspendPerson } from '../../../shared/db/moderation.ts'
import { type Queryable } from '../../../shared/db/pool.ts'
import { lockWithdrawnOrders, returnRights } from '../../../shared/db/returned-rights.ts'
import { personId, type ProductId } from '../../../shared/domain/ids.ts'
import { type ProductMeasure } from '../../../shared/domain/moderation.ts'
import { type Notice } from '../../../shared/domain/notice.ts'
import { productCodeLength, readCode } from '../../../shared/domain/public-code.ts'
import { notify } from '../../../shared/messaging/notify.ts'
import { type BotDeps } from '../context.ts'
import { type Administrator, mustBeAdministrator } from './administrator.ts'

export type Moderated = 'done' | 'not possible' | 'may not'

export type Measure = {
  readonly on: 'product' | 'person'
  readonly target: string
  readonly measure: ProductMeasure
  readonly days: number | null
  readonly reason: string | null
  /** How the product or person stood when the administrator began. */
  readonly seen?: string | undefined
}

type ModerateDeps = Pick<BotDeps, 'config'> & { readonly tx: Queryable; readonly log: Logger }

/** Takes a measure, writes down who took it, and has whom it concerns told: all of it or nothing, once. */
export async function moderate(deps: ModerateDeps, by: Administrator, measure: Measure): Promise<Moderated> {
  mustBeAdministrator(deps, by)
  const outcome = measure.on === 'product' ? await onProduct(deps.tx, by, measure) : await onPerson(deps, by, measure)
  const { on, target, measure: action } = measure
  deps.log.info({ userId: by, target, action: `${on}.${action}`, outcome }, 'a measure of moderation')
  return outcome
}

async function onProduct(tx: Queryable, by: Administrator, { target, measure, ...terms }: Measure): Promise<Moderated> {
  const code = readCode(target, productCodeLength)
  if (code !== undefined && measure === 'restore') await lockWithdrawnOrders(tx, code)
  const changed = code === undefined ? undefined : await moderateProduct(tx, code, measure, terms)
  if (changed === undefined) return 'not possible'
  const { id: productId, sellerId, before, after, until } = changed
  const reason = terms.reason ?? ''
  const isBack = measure === 'restore'
  const returned = isBack && changed.wasWithdrawn ? await returnRights(tx, { product: productId }, by) : 0
  await insertAudit(tx, {
    actor: by,
    action: `product.${measure}`,
    target: productId,
    before: { moderation: before },
    after: { moderation: after, until, ...(returned > 0 ? { returned } : {}) },
    reason,
  })
  const notice = isBack ? await restored(tx, by, productId) : moderated(changed, measure === 'withdraw', reason)
  await notify(tx, sellerId, randomUUID(), notice)
  return 'done'
}

/** To restore is the answer to whoever appealed. */
async function restored(tx: Queryable, by: Administrator, product: ProductId): Promise<Notice> {
  const isAppealed = await endAppeals(tx, { product }, { state: 'granted', by })
  return { kind: 'product restored', productId: product, isAppealed }
}

const moderated = ({ id: productId, after, until }: ProductChange, isWithdrawn: boolean, reason: string): Notice => ({
  kind: 'product moderated',
  productId,
  isBanned: after === 'banned',
  isWithdrawn,
  reason,
  until: until?.toISOString() ?? null,
})

async function onPerson({ tx, config }: ModerateDeps, by: Administrator, asked: Measure): Promise<Moderated> {
  const id = personId(BigInt(asked.target))
  const reason = asked.reason ?? ''
  if (asked.measure === 'restore') {
    if (!(await restorePerson(tx, id, asked.seen))) return 'not possible'
    await insertAudit(tx, { actor: by, action: 'person.restore', target: String(id) })
    const isAppealed = await endAppeals(tx, { person: id }, { state: 'granted', by })
    await notify(tx, id, randomUUID(), { kind: 'person restored', isAppealed })
    return 'done'
  }
  if (config.telegram.admins.includes(id)) return 'may not'
  const suspended = await suspendPerson(tx, id, { reason, days: asked.days })
  if (suspended === undefined) return 'not possible'
  const until = suspended.until?.toISOString() ?? null
  await insertAudit(tx, { actor: by, action: 'person.suspend', target: String(id), after: { until }, reason })
  await notify(tx, id, randomUUID(), { kind: 'person suspended', reason, until })
  return 'done'
}
