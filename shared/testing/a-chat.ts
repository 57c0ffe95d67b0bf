import assert from 'node:assert/strict'
import { type ChatMessage } from '../../sandbox/telegram/chat-view.ts'
import { type PersonClient } from '../../sandbox/telegram/person-client.ts'
import { toKeep } from '../../services/bot/updates/keep.ts'
import { type Database } from '../db/pool.ts'
import { insertUpdates } from '../db/telegram-updates.ts'
import { type BotScene } from './a-bot.ts'

/** What a message says, as text or under its picture. */
export const textOf = ({ text, caption }: ChatMessage): string => text ?? caption ?? ''

export const says =
  (...parts: string[]) =>
  (message: ChatMessage): boolean =>
    parts.every((part) => textOf(message).includes(part))

export const labelsOf = ({ keyboard = [] }: ChatMessage): string[] => keyboard.flat().map(({ text }) => text)

export const offers =
  (part: string) =>
  (message: ChatMessage): boolean =>
    labelsOf(message).some((text) => text.includes(part))

/** Presses the newest button whose label holds the text. */
export async function pressLabel(person: PersonClient, part: string): Promise<string> {
  const message = await person.waitForMessage(offers(part))
  const key = message.keyboard?.flat().find(({ text }) => text.includes(part))
  assert.ok(key?.data !== undefined, `no button ${part}`)
  return person.press(message.message_id, key.data)
}

/** Sends a text and waits for what the bot says to it, below it. */
export async function ask(person: PersonClient, text: string, ...parts: string[]): Promise<ChatMessage> {
  const { message_id: sent } = person.send(text)
  return person.waitForMessage((message) => message.message_id > sent && says(...parts)(message))
}

/** What a press was answered with. */
export const toastOf = (person: PersonClient, press: string) =>
  person.waitFor(({ answers }) => answers.find(({ callback_query_id: id }) => id === press))

type Forgeable = { readonly deps: Pick<BotScene['deps'], 'db'> & { readonly bot: { readonly id: bigint } } }

let lastForged = 900_000_000

/** A press under the person's screen, whether it shows that button or not: so much is up to whoever sends it. */
export async function forgePress({ deps }: Forgeable, person: PersonClient, data: string): Promise<string> {
  lastForged += 1
  const { rows } = await deps.db.query<{ id: bigint }>(`select message_id as id from screens where user_id = $1`, [
    BigInt(person.id),
  ])
  const press = {
    id: String(lastForged),
    from: { id: person.id, is_bot: false, first_name: 'Somebody', language_code: 'en' },
    message: { message_id: Number(rows[0]?.id ?? 1), date: 1, chat: { id: person.id, type: 'private' } },
    chat_instance: '1',
    data,
  }
  await insertUpdates(deps.db, deps.bot.id, [toKeep({ update_id: lastForged, callback_query: press })])
  await untilHandled(deps.db)
  return press.id
}

/** The line a press was answered with, as the bot sent it; empty when it had none. */
export function answerTo({ emulator }: Pick<BotScene, 'emulator'>, press: string): string {
  const answer = emulator.transcript.list().find(({ params }) => params['callback_query_id'] === press)
  assert.ok(answer !== undefined, `the press ${press} was not answered`)
  const line = answer.params['text']
  return typeof line === 'string' ? line : ''
}

/** Resolves when nothing that was sent to the bot waits any more, be it for another try. */
export async function untilHandled(db: Database): Promise<void> {
  const waiting = `select from telegram_updates where handled_at is null`
  while ((await db.query(waiting)).rowCount > 0) await new Promise(setImmediate)
}
