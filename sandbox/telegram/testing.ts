import { type TestContext } from 'node:test'
import { type PersonClient } from './person-client.ts'
import { startTelegramEmulator, type TelegramEmulator, type TelegramEmulatorOptions } from './server.ts'

export const testToken = '42:TEST-TOKEN'

/** An answer of the Bot API, whatever it is. */
export type Answer = {
  status: number
  ok: boolean
  result: any // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into results of every shape
  description: string
  retryAfter: string | null
}

/** An emulator with one bot, and a person who has started it. */
export type Scene = {
  emulator: TelegramEmulator
  person: PersonClient
  /** Calls a method with a JSON body, or with a form when given one. */
  call(method: string, params?: Record<string, unknown> | FormData): Promise<Answer>
  /** Calls a method in the person's chat. */
  say(method: string, params?: Record<string, unknown>): Promise<Answer>
}

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
export async function callBot(
  { url }: { url: string },
  token: string,
  method: string,
  params: Record<string, unknown> | FormData = {},
): Promise<Answer> {
  const isForm = params instanceof FormData
  const response = await fetch(`${url}/bot${token}/${method}`, {
    method: 'POST',
    ...(isForm ? { body: params } : { body: JSON.stringify(params), headers: { 'content-type': 'application/json' } }),
  })
  const body = (await response.json()) as Partial<Answer>
  const retryAfter = response.headers.get('retry-after')
  return { status: response.status, ok: false, result: undefined, description: '', ...body, retryAfter }
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
