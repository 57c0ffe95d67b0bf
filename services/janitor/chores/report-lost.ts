import { type PromisedObject } from '../../../shared/db/chores/sweep-objects.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { mediaMissing } from '../../../shared/events/index.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'
import { reportDamage } from '../../../shared/messaging/report-damage.ts'
import { type ChoreDeps } from '../chore.ts'

/** An object that is not as it was verified, and how that shows. */
export type Lost = PromisedObject & { readonly reason: string }

/** A damaged original is withdrawn and told; a picture is for `media` to repair. Says how many were news. */
export const reportLost = ({ db }: Pick<ChoreDeps, 'db'>, { fileId, productId, reason }: Lost): Promise<number> =>
  inTransaction(db, async (tx) => {
    if (fileId !== null) return (await reportDamage(tx, fileId, reason)) ? 1 : 0
    await enqueue(tx, mediaMissing, productId, { productId })
    return 1
  })
