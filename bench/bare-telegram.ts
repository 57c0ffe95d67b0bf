import type { World } from '../sandbox/world.ts'
import { call } from './call.ts'

/** A chat of a bot, by the Bot API's address with the token in it. */
export type BareChat = { readonly api: string; readonly chatId: number }

export const bareToken = '7000000077:bare-bot-of-a-bench-that-is-not-real-at-all'

/** A chat of another bot than the shop's, which no service talks in. */
export function aBareChat({ telegram }: Pick<World, 'telegram'>): BareChat {
  telegram.addBot({ token: bareToken, username: 'bare_bot', first_name: 'Bare' })
  const person = telegram.addPerson({ first_name: 'Nobody', language_code: 'en' }, bareToken)
  person.send('/start')
  return { api: `${telegram.url}/bot${bareToken}`, chatId: person.id }
}

type Message = { readonly message_id: number; readonly document?: { readonly file_id: string } }

export const sendText = async ({ api, chatId }: BareChat): Promise<number> =>
  (await ask(api, 'sendMessage', { chat_id: chatId, text: 'preparing' })).message_id

/** Turns a message into a file Telegram knows already. */
export const editToKnown = ({ api, chatId }: BareChat, messageId: number, fileId: string): Promise<Message> =>
  ask(api, 'editMessageMedia', { chat_id: chatId, message_id: messageId, media: { type: 'document', media: fileId } })

/** Turns a message into a file that is uploaded with the call; returns the id Telegram gave it. */
export async function editToUpload({ api, chatId }: BareChat, messageId: number, bytes: Uint8Array): Promise<string> {
  const boundary = 'bare-upload-of-a-bench'
  const media = JSON.stringify({ type: 'document', media: 'attach://file' })
  const field = (name: string, value: string | number): string =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const body = Buffer.concat([
    Buffer.from(field('chat_id', chatId) + field('message_id', messageId) + field('media', media)),
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="guide.pdf"\r\ncontent-type: application/pdf\r\n\r\n`,
    ),
    bytes,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` }
  const { document } = read(await call(`${api}/editMessageMedia`, { headers, body }))
  return document?.file_id ?? ''
}

const ask = async (api: string, method: string, params: object): Promise<Message> =>
  read(
    await call(`${api}/${method}`, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(params) }),
  )

function read([status, body]: [number, string]): Message {
  if (status !== 200) throw new Error(`Expected Telegram to take it, got ${status}: ${body}`)
  return (JSON.parse(body) as { result: Message }).result
}
