import { type HeldDelivery } from '../../shared/db/deliveries.ts'
import { textsFor } from '../../shared/texts/index.ts'
import { type DeliverOrderDeps } from './deliver-order.ts'
import { editInPlace } from './edit-in-place.ts'
import { healingAfter, withMessage } from './hold-message.ts'
import { showWords } from './show-words.ts'

/** What a buyer should know of a file that does not come: it is late, it is broken, or they own it no more. */
export type Trouble = 'trouble' | 'problem' | 'withdrawn'

/** Says in the message itself why the file is not there. The same edit made again changes nothing. */
export async function tellTrouble(deps: DeliverOrderDeps, delivery: HeldDelivery, trouble: Trouble): Promise<void> {
  const text = textsFor(delivery.language).delivery[trouble]({ title: delivery.title, code: delivery.orderCode })
  await healingAfter(deps, delivery, () =>
    withMessage(deps, delivery, async (message) => {
      await editInPlace(deps, delivery, message, (id) => showWords(deps, delivery, message, id, { text }))
    }),
  )
}
