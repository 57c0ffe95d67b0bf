import { personId } from '../../../shared/domain/ids.ts'
import { storableJson } from '../../../shared/db/storable.ts'
import { type KeptUpdate } from '../../../shared/db/telegram-updates.ts'
import { type Update } from '../../../shared/telegram/message.ts'

/** What the bot asks Telegram for; everything else would only be kept and thrown away. */
export const allowedUpdates = ['message', 'callback_query', 'my_chat_member'] as const

/** An update as the database keeps it. */
export const toKeep = (update: Update): KeptUpdate => ({
  updateId: BigInt(update.update_id),
  personId: senderOf(update),
  payload: storableJson(update),
})

/** Who sent it: messages and presses of one person share one lane. */
function senderOf(update: Update): KeptUpdate['personId'] {
  const [sender] = allowedUpdates
    .map((kind) => fieldOf(fieldOf(update[kind], 'from'), 'id'))
    .filter(Number.isSafeInteger)
  return typeof sender === 'number' ? personId(sender) : null
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined
