import { listWaitingMoney, type WaitingMoney } from '../../../shared/db/chores/waiting-money.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { notify } from '../../../shared/messaging/notify.ts'
import { type Chore, type ChoreDeps, type Found, hours, inBatches, onlyFound } from '../chore.ts'

/** Whoever earns without having said where to be paid hears of it after one, seven and thirty days, each once. */
export const remindOfAddress: Chore = {
  name: 'remind-of-address',
  when: { everyMs: hours(1) },
  does: 'reminds sellers of money that waits for their address',
  run: (deps, found) => inBatches(deps, 100, (size) => remindBatch(deps, size, found)),
  preview: async ({ db }, found) => {
    const waiting = await listWaitingMoney(db, 10_000)
    for (const one of waiting) found(describe(one))
    return onlyFound(waiting.length)
  },
}

const describe = ({ seller, subject }: WaitingMoney): string => `seller ${seller}, ${subject}`

const remindBatch = ({ db }: ChoreDeps, size: number, found: Found): Promise<number> =>
  inTransaction(db, async (tx) => {
    const waiting = await listWaitingMoney(tx, size)
    for (const one of waiting) {
      found(describe(one))
      await notify(tx, one.seller, one.subject, { kind: 'money waits', cents: one.cents.toString() })
    }
    return waiting.length
  })
