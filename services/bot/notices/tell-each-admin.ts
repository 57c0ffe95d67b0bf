import { findPerson } from '../../../shared/db/users.ts'
import { personId } from '../../../shared/domain/ids.ts'
import { type Html } from '../../../shared/telegram/html.ts'
import { type Texts, textsFor } from '../../../shared/texts/index.ts'
import { type BotDeps } from '../context.ts'
import { button, replyMarkup } from '../keyboard.ts'

export type TellEachAdminDeps = Pick<BotDeps, 'db' | 'telegram' | 'config' | 'log'>

/** Tells every administrator in their language. One who hears it is enough; when none does it throws, to be tried again. */
export async function tellEachAdmin(
  deps: TellEachAdminDeps,
  about: { readonly kind: string; readonly ref: string },
  say: (texts: Texts) => Html,
): Promise<void> {
  const { config, log } = deps
  const told = await Promise.allSettled(config.telegram.admins.map((admin) => tellOne(deps, admin, say)))
  const failures = told.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  for (const err of failures) log.warn({ err, ...about }, 'an administrator cannot be told')
  if (failures.length === told.length)
    throw new Error('No administrator could be told of an alert', { cause: failures[0] })
}

async function tellOne({ db, telegram, config }: TellEachAdminDeps, admin: bigint, say: (texts: Texts) => Html) {
  const person = await findPerson(db, personId(admin))
  const texts = textsFor(person?.language ?? config.defaultLanguage)
  await telegram.call('sendMessage', {
    chat_id: admin,
    text: say(texts),
    parse_mode: 'HTML',
    reply_markup: replyMarkup([[button(texts.admin.open, 'admin')]]),
  })
}
