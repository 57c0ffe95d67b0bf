import { hastenForgottenPayments, listForgottenPayments } from '../../../shared/db/chores/poll-payments.ts'
import { type Chore, onlyFound, seconds } from '../chore.ts'

/** Payments are read again on a schedule by `ipn`; this asks for those it has forgotten or is late with. */
export const pollPayments: Chore = {
  name: 'poll-payments',
  when: { everyMs: seconds(10) },
  does: 'asks for open payments to be read again at NOWPayments',
  run: async ({ db }, found) => {
    const forgotten = await hastenForgottenPayments(db, 100)
    for (const id of forgotten) found(`payment ${id}`)
    return { checked: forgotten.length, changed: forgotten.length, failed: 0 }
  },
  preview: async ({ db }, found) => {
    const forgotten = await listForgottenPayments(db, 10_000)
    for (const id of forgotten) found(`payment ${id}`)
    return onlyFound(forgotten.length)
  },
}
