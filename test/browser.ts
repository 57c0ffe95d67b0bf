import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext } from 'node:test'
import { type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import { type World } from '../sandbox/world.ts'
import { findChromium } from '../scripts/find-chromium.ts'

/** The browser stories are told with, or `undefined` on a machine without one. */
export const browserPath = await findChromium()

/** Said instead of the story where there is no browser. */
export const skip = browserPath === undefined && 'there is no browser here'

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
const stepTimeoutMs = 60_000

export type Screen = {
  readonly width: number
  readonly height: number
  readonly scale?: number
  readonly locale?: string
}

/** A browser of its own, closed with the test. Whatever its pages complain about fails the test. */
export async function openBrowser(
  t: TestContext,
  { width, height, scale = 1, locale = 'en-GB' }: Screen,
): Promise<BrowserContext> {
  const profile = await mkdtemp(join(tmpdir(), 'comptoir-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    ...(browserPath === undefined ? {} : { executablePath: browserPath }),
    viewport: { width, height },
    deviceScaleFactor: scale,
    locale,
    timezoneId: 'Europe/Paris',
    reducedMotion: 'reduce',
    args: flags,
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  context.setDefaultTimeout(stepTimeoutMs)
  const complaints: string[] = []
  context.on('weberror', (error) => complaints.push(error.error().message))
  t.after(async () => {
    await context.close()
    await rm(profile, { recursive: true, force: true })
    if (complaints.length > 0) throw new Error(`The pages complained: ${complaints.join('; ')}`)
  })
  return context
}

/** A person in front of the chat page, by what they see and press. */
export class ChatReader {
  readonly page: Page
  readonly personId: number

  private constructor(page: Page, personId: number) {
    this.page = page
    this.personId = personId
  }

  static async open(world: World, context: BrowserContext, personId: number): Promise<ChatReader> {
    const page = context.pages()[0] ?? (await context.newPage())
    await page.goto(`${world.telegram.url}/?person=${personId}`)
    return new ChatReader(page, personId)
  }

  async start(): Promise<void> {
    await this.page.getByRole('button', { name: 'Start', exact: true }).click()
  }

  async say(text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Message' }).fill(text)
    await this.page.keyboard.press('Enter')
  }

  /** Presses the newest button under a message whose label contains this. */
  async tap(label: string | RegExp): Promise<void> {
    await this.page.locator('.keyboard .key', { hasText: label }).last().click()
  }

  /** The newest message that contains this, once it is there. */
  async sees(text: string | RegExp): Promise<Locator> {
    const message = this.page.locator('.message', { hasText: text }).last()
    await message.waitFor()
    return message
  }
}
