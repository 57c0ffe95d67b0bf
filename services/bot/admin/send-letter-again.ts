import { z } from 'zod'
import { type DeadLetter } from '../../../shared/db/dead-letters.ts'
import { type Queryable } from '../../../shared/db/pool.ts'
import { requeueEmail } from '../../../shared/db/emails.ts'
import { requeueDeadDelivery } from '../../../shared/db/requeue-deliveries.ts'
import { reopenUpdate } from '../../../shared/db/telegram-updates.ts'
import { type DeliveryMethod } from '../../../shared/domain/delivery.ts'
import { type DeliveryId, type EmailId } from '../../../shared/domain/ids.ts'
import { deliveryRequested, mailSend } from '../../../shared/events/index.ts'
import { sendDeadEvent } from '../../../shared/messaging/dead-letter.ts'
import { enqueue } from '../../../shared/messaging/outbox.ts'
import { toKeep } from '../updates/keep.ts'

/** Put back through the door it came by; already done by somebody else; or nothing that has a door. */
export type SentAgain = 'sent' | 'nothing left' | 'cannot be sent'

const deadDelivery = z.object({ deliveryId: z.guid().transform((id) => id as unknown as DeliveryId) })
const deadEmail = z.object({ emailId: z.guid().transform((id) => id as unknown as EmailId) })
const deadUpdate = z.looseObject({ update_id: z.int().nonnegative() })

/** Whatever a dead letter holds goes on where it stopped: a delivery, a mail, an update of a person, an event. */
export async function sendLetterAgain(
  tx: Queryable,
  letter: DeadLetter,
  { botId, method }: { readonly botId: bigint; readonly method: DeliveryMethod },
): Promise<SentAgain> {
  if (letter.kind === 'delivery') return sendDelivery(tx, deadDelivery.safeParse(letter.payload).data, method)
  if (letter.kind === 'e-mail') return sendEmail(tx, deadEmail.safeParse(letter.payload).data)
  if (letter.kind === 'telegram update') return sendUpdate(tx, letter, botId)
  return (await sendDeadEvent(tx, letter)) ? 'sent' : 'cannot be sent'
}

async function sendDelivery(
  tx: Queryable,
  dead: z.infer<typeof deadDelivery> | undefined,
  method: DeliveryMethod,
): Promise<SentAgain> {
  if (dead === undefined) return 'cannot be sent'
  const { deliveryId } = dead
  if ((await requeueDeadDelivery(tx, deliveryId, method)) === undefined) return 'nothing left'
  await enqueue(tx, deliveryRequested, deliveryId, { deliveryId })
  return 'sent'
}

async function sendEmail(tx: Queryable, dead: z.infer<typeof deadEmail> | undefined): Promise<SentAgain> {
  if (dead === undefined) return 'cannot be sent'
  if (!(await requeueEmail(tx, dead.emailId))) return 'nothing left'
  await enqueue(tx, mailSend, dead.emailId, dead)
  return 'sent'
}

/** An update belongs to the bot it was sent to: with another token nobody could answer it. */
async function sendUpdate(tx: Queryable, { ref, payload }: DeadLetter, botId: bigint): Promise<SentAgain> {
  const update = deadUpdate.safeParse(payload).data
  if (update === undefined || ref !== `${botId}:${update.update_id}`) return 'cannot be sent'
  return (await reopenUpdate(tx, botId, toKeep(update))) ? 'sent' : 'nothing left'
}
