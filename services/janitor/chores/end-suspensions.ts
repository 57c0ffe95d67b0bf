import { randomUUID } from 'node:crypto'
import { endAppeals } from '../../../shared/db/appeals.ts'
import { insertAudit } from '../../../shared/db/audit-log.ts'
import {
  endAddressHolds,
  endModerations,
  endSuspensions,
  listEnded,
} from '../../../shared/db/chores/end-suspensions.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { notify } from '../../../shared/messaging/notify.ts'
import { type Chore, type ChoreDeps, type Found, inBatches, minutes, onlyFound } from '../chore.ts'

const actor = 'janitor'
const isOver = { state: 'over', by: null } as const

/** What was for a time ends by itself: people and products are back, changed addresses are paid to, and people are told. */
export const endWhatIsOver: Chore = {
  name: 'end-suspensions',
  when: { everyMs: minutes(5) },
  does: 'ends suspensions and holds whose time is up, and tells people',
  run: async (deps, found) => {
    const persons = await inBatches(deps, 200, (size) => restorePeople(deps, size, found))
    const products = await inBatches(deps, 200, (size) => restoreProducts(deps, size, found))
    const holds = await inBatches(deps, 200, (size) => endHolds(deps, size, found))
    const changed = persons.changed + products.changed + holds.changed
    return { checked: changed, changed, failed: 0 }
  },
  preview: async ({ db }, found) => {
    const { persons, products, holds } = await listEnded(db, 10_000)
    for (const id of persons) found(`person ${id}`)
    for (const { code } of products) found(`product ${code}`)
    for (const { id } of holds) found(`address of seller ${id}`)
    return onlyFound(persons.length + products.length + holds.length)
  },
}

const restorePeople = ({ db }: ChoreDeps, size: number, found: Found): Promise<number> =>
  inTransaction(db, async (tx) => {
    const people = await endSuspensions(tx, size)
    for (const id of people) {
      found(`person ${id}`)
      await endAppeals(tx, { person: id }, isOver)
      await insertAudit(tx, { actor, action: 'person.restore', target: String(id), reason: 'its time was up' })
      await notify(tx, id, randomUUID(), { kind: 'person restored' })
    }
    return people.length
  })

const restoreProducts = ({ db }: ChoreDeps, size: number, found: Found): Promise<number> =>
  inTransaction(db, async (tx) => {
    const products = await endModerations(tx, size)
    for (const { id, code, sellerId } of products) {
      found(`product ${code}`)
      await endAppeals(tx, { product: id }, isOver)
      await insertAudit(tx, { actor, action: 'product.restore', target: id, reason: 'its time was up' })
      await notify(tx, sellerId, randomUUID(), { kind: 'product restored', productId: id })
    }
    return products.length
  })

/** Whose payouts are frozen is not told that they are paid now. */
const endHolds = ({ db }: ChoreDeps, size: number, found: Found): Promise<number> =>
  inTransaction(db, async (tx) => {
    const holds = await endAddressHolds(tx, size)
    for (const { id, isFrozen } of holds) {
      found(`address of seller ${id}`)
      if (!isFrozen) await notify(tx, id, randomUUID(), { kind: 'address hold over' })
    }
    return holds.length
  })
