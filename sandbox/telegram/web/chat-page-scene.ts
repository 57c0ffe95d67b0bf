import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext } from 'node:test'
import { type BrowserContext, chromium, type Locator, type Page, type ViewportSize } from 'playwright-core'
import { findChromium } from '../../../scripts/find-chromium.ts'
import { type PersonClient } from '../person-client.ts'
import { startTelegramEmulator, type TelegramEmulator, type TelegramEmulatorOptions } from '../server.ts'
import { callBot, type ShownUpdate } from '../testing.ts'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const token = '77:CHAT-PAGE-TOKEN'
const stepTimeoutMs = 30_000

/** The browser the tests look with, or `undefined` on a machine without one. */
export const browserPath = await findChromium()

/** An update is about one thing. */
export type Heard = Pick<ShownUpdate, 'update_id'> & Partial<ShownUpdate>

/** A shop's bot that is called with a method, and answers each update as the test says. */
export type ScriptedBot = {
  readonly call: (method: string, params?: Record<string, unknown> | FormData) => Promise<{ message_id: number }>
  /** Everything the bot heard, oldest first. */
  readonly heard: readonly Heard[]
}

export type Script = (update: Heard, call: ScriptedBot['call']) => Promise<unknown>

export type PageScene = {
  readonly emulator: TelegramEmulator
  readonly person: PersonClient
  readonly bot: ScriptedBot
  readonly page: Page
  readonly context: BrowserContext
  /** What the page complained about: scripts that failed, things the page's own policy refused. */
  readonly complaints: readonly string[]
}

/** An emulator with a scripted bot, and a person's browser on the chat page; it all ends with the test. */
export async function openChatPage(
  t: TestContext,
  { script = silent, query = '', viewport, ...options }: SceneOptions = {},
): Promise<PageScene> {
  const emulator = await openEmulator(options)
  t.after(() => emulator.close())
  const person = emulator.addPerson({ id: 1001, first_name: 'Ann', username: 'ann', language_code: 'en' })
  const bot = startBot(t, emulator, script)
  const context = await openBrowser(t, viewport)
  const page = context.pages()[0] ?? (await context.newPage())
  const complaints = collectComplaints(page)
  await page.goto(`${emulator.url}/?person=1001${query}`)
  return { emulator, person, bot, page, context, complaints }
}

/** The same, once the person has pressed Start. */
export async function startChat(t: TestContext, options: SceneOptions = {}): Promise<PageScene> {
  const scene = await openChatPage(t, options)
  await button(scene.page, 'Start').click()
  await bubble(scene.page, '/start').first().waitFor()
  return scene
}

export const bubble = (page: Page, text: string): Locator => page.locator('.message', { hasText: text })
export const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true })

type SceneOptions = Partial<TelegramEmulatorOptions> & { script?: Script; query?: string; viewport?: ViewportSize }

const silent: Script = () => Promise.resolve()

/** The same emulator again: with the same folder and port it is the one that was closed. */
export const openEmulator = (options: Partial<TelegramEmulatorOptions>): Promise<TelegramEmulator> =>
  startTelegramEmulator({ bots: [{ token, username: 'shop_bot', first_name: 'Shop' }], ...options })

function startBot(t: TestContext, emulator: TelegramEmulator, script: Script): ScriptedBot {
  const heard: Heard[] = []
  const call: ScriptedBot['call'] = async (method, params) => {
    const { ok, result, description } = await callBot(emulator, token, method, params)
    if (!ok) throw new Error(`${method} was refused: ${description}`)
    return result
  }
  const listening = listen(emulator, async (update) => {
    heard.push(update)
    await script(update, call)
  })
  t.after(() => listening)
  return { call, heard }
}

/** Until the emulator is closed. */
async function listen(emulator: TelegramEmulator, hear: (update: Heard) => Promise<void>): Promise<void> {
  let offset = 0
  for (;;) {
    const updates = await updatesFrom(emulator, offset)
    if (updates === undefined) return
    for (const update of updates) {
      offset = update.update_id + 1
      await hear(update)
    }
  }
}

async function updatesFrom(emulator: TelegramEmulator, offset: number): Promise<Heard[] | undefined> {
  try {
    return (await callBot(emulator, token, 'getUpdates', { offset, timeout: 10 })).result
  } catch {
    return undefined // the emulator was closed
  }
}

async function openBrowser(t: TestContext, viewport: ViewportSize = { width: 1100, height: 800 }) {
  const profile = await mkdtemp(join(tmpdir(), 'chat-page-'))
  const context = await chromium.launchPersistentContext(profile, {
    ...(browserPath === undefined ? {} : { executablePath: browserPath }),
    viewport,
    locale: 'en-GB',
    reducedMotion: 'reduce',
    args: flags,
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  context.setDefaultTimeout(stepTimeoutMs)
  t.after(async () => {
    await context.close()
    await rm(profile, { recursive: true, force: true })
  })
  return context
}

function collectComplaints(page: Page): string[] {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('net::')) complaints.push(message.text())
  })
  return complaints
}
