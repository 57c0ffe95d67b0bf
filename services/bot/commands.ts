import { type Telegram } from '../../shared/telegram/client.ts'
import { type Language } from '../../shared/db/users.ts'
import { textsFor } from '../../shared/texts/index.ts'

/** The commands Telegram lists in its menu; the others are understood all the same. */
const published = [
  'start',
  'buy',
  'sell',
  'library',
  'orders',
  'shop',
  'stats',
  'support',
  'help',
  'language',
  'privacy',
  'terms',
  'paysupport',
  'mydata',
  'cancel',
] as const

export type PublishedCommand = (typeof published)[number]

const listFor = (language: Language) =>
  published.map((command) => ({ command, description: textsFor(language).commands[command] }))

/** Tells Telegram the commands, for each language and for all the others. */
export async function publishCommands(telegram: Telegram, defaultLanguage: Language): Promise<void> {
  await telegram.call('setMyCommands', { commands: listFor(defaultLanguage) })
  await telegram.call('setMyCommands', { commands: listFor('fr'), language_code: 'fr' })
  await telegram.call('setMyCommands', { commands: listFor('en'), language_code: 'en' })
}
