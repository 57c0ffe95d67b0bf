import { z } from 'zod'
import { insertDeadLetter } from '../../shared/db/dead-letters.ts'
import { inTransaction } from '../../shared/db/pool.ts'
import { type HeldUpdate } from '../../shared/db/telegram-updates.ts'
import { findPerson } from '../../shared/db/users.ts'
import { alertAdmins } from '../../shared/messaging/alert-admins.ts'
import { textsFor } from '../../shared/texts/index.ts'
import { type BotDeps } from './context.ts'
import { button, replyMarkup } from './keyboard.ts'

/** An update failed for good: the administrators keep it, its sender is told, with a reference both can name. */
export async function giveUp(deps: BotDeps, held: HeldUpdate, error: unknown): Promise<void> {
  const reference = String(held.updateId)
  const reason = error instanceof Error ? error.message : String(error)
  await inTransaction(deps.db, async (tx) => {
    const letter = { kind: 'telegram update', ref: `${held.botId}:${held.updateId}`, reason, payload: held.payload }
    if (!(await insertDeadLetter(tx, letter))) return
    await alertAdmins(tx, letter.ref, { about: 'dead update', reason: reason || 'unknown' }, { ref: reference })
  })
  deps.log.error({ updateId: held.updateId, userId: held.personId, err: error }, 'update given up')
  await apologise(deps, held, reference)
}

/** Best effort: what made the update fail may well make this fail too. */
async function apologise(deps: BotDeps, { personId, payload }: HeldUpdate, reference: string): Promise<void> {
  if (personId === null || !isPrivate(payload)) return
  const { db, telegram, log, config } = deps
  try {
    const { common } = textsFor((await findPerson(db, personId))?.language ?? config.defaultLanguage)
    await telegram.call('sendMessage', {
      chat_id: personId,
      text: common.somethingWrong(reference),
      parse_mode: 'HTML',
      reply_markup: replyMarkup([[button(common.home, 'home')]]),
    })
  } catch (err) {
    log.warn({ err, userId: personId }, 'cannot tell somebody that their update failed')
  }
}

const inPrivate = z.object({ chat: z.object({ type: z.literal('private') }) })
const privateUpdate = z.union([
  z.object({ message: inPrivate }),
  z.object({ callback_query: z.object({ message: inPrivate }) }),
])

const isPrivate = (payload: unknown): boolean => privateUpdate.safeParse(payload).success
