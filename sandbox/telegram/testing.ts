import { type TestContext } from 'node:test'
import { type BotCommand, type Document, type Message, type User } from './bot-api.ts'
import { type PersonClient } from './person-client.ts'
import { startTelegramEmulator, type TelegramEmulator, type TelegramEmulatorOptions } from './server.ts'

export const testToken = '42:TEST-TOKEN'

/** Everything a field may be is there, so that a test can look at what it expects. */
type Shown<T> = { [K in keyof T]-?: NonNullable<T[K]> }

export type ShownMessage = Shown<Omit<Message, 'document' | 'reply_to_message'>> & {
  document: Shown<Document>
  reply_to_message: Message
}

export type ShownUpdate = {
  update_id: number
  message: ShownMessage
  callback_query: { id: string; data: string; from: User; message: ShownMessage }
  my_chat_member: { old_chat_member: { status: string }; new_chat_member: { status: string } }
}

type Results = {
  getMe: User
  getUpdates: ShownUpdate[]
  getFile: { file_path: string }
  getChat: { first_name: string }
  getChatMember: { status: string }
  getMyCommands: BotCommand[]
  getWebhookInfo: { pending_update_count: number; last_error_message?: string; url: string }
  copyMessages: { message_id: number }[]
  sendMediaGroup: ShownMessage[]
}

/** What a method answers; most answer a message. */
export type ResultOf<M extends string> = M extends keyof Results ? Results[M] : ShownMessage

/** An answer of the Bot API. */
export type Answer<T> = { status: number; ok: boolean; result: T; description: string; retryAfter: string | null }

/** An emulator with one bot, and a person who has started it. */
export type Scene = {
  readonly emulator: TelegramEmulator
  readonly person: PersonClient
  /** Calls a method with a JSON body, or with a form when given one. */
  readonly call: <M extends string>(method: M, params?: Sent) => Promise<Answer<ResultOf<M>>>
  /** Calls a method in the person's chat. */
  readonly say: <M extends string>(method: M, params?: Record<string, unknown>) => Promise<Answer<ResultOf<M>>>
}

type Sent = Record<string, unknown> | FormData

/** Starts a scene and ends it with the test. */
export async function startScene(t: TestContext, options: Partial<TelegramEmulatorOptions> = {}): Promise<Scene> {
  const bots = [{ token: testToken, username: 'shop_bot', first_name: 'Shop' }]
  const emulator = await startTelegramEmulator({ bots, ...options })
  t.after(() => emulator.close())
  const person = emulator.addPerson({ id: 1001, first_name: 'Ann', language_code: 'fr' })
  if (!person.chat().started) {
    person.send('/start')
    emulator.world.updates.keepNewest(42, 0)
  }
  const call: Scene['call'] = (method, params) => callBot(emulator, testToken, method, params)
  return { emulator, person, call, say: (method, params) => call(method, { chat_id: person.id, ...params }) }
}

/** Calls a method as any bot. */
export async function callBot<M extends string>(
  { url }: { url: string },
  token: string,
  method: M,
  params: Sent = {},
): Promise<Answer<ResultOf<M>>> {
  const isForm = params instanceof FormData
  const response = await fetch(`${url}/bot${token}/${method}`, {
    method: 'POST',
    ...(isForm ? { body: params } : { body: JSON.stringify(params), headers: { 'content-type': 'application/json' } }),
  })
  const body = (await response.json()) as Pick<Answer<ResultOf<M>>, 'ok' | 'result'> & { description?: string }
  return { status: response.status, description: '', ...body, retryAfter: response.headers.get('retry-after') }
}

/** A form with one file and other fields. */
export function form(field: string, bytes: Uint8Array, name: string, fields: Record<string, unknown> = {}): FormData {
  const data = new FormData()
  for (const [key, value] of Object.entries(fields)) {
    data.set(key, typeof value === 'string' ? value : JSON.stringify(value))
  }
  data.set(field, new Blob([new Uint8Array(bytes)]), name)
  return data
}

/** A picture of one colour. */
export async function picture(width: number, height: number, format: 'png' | 'jpeg' | 'webp' = 'png'): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  return sharp({ create: { width, height, channels: 3, background: '#2a9d8f' } })
    .toFormat(format)
    .toBuffer()
}
