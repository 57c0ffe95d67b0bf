import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { startTelegramEmulator, type TelegramEmulator } from '../../sandbox/telegram/server.ts'
import { buildBot } from '../../services/bot/bot.ts'
import { readConfig } from '../../services/bot/config.ts'
import { type BotDeps } from '../../services/bot/context.ts'
import { type Feature } from '../../services/bot/features.ts'
import { giveUp } from '../../services/bot/give-up.ts'
import { fetchUpdates } from '../../services/bot/updates/fetch.ts'
import { startHandling } from '../../services/bot/updates/handle.ts'
import { StorageUnavailable } from '../storage/errors.ts'
import { type ObjectStore } from '../storage/object-store.ts'
import { openTelegram } from '../telegram/client.ts'
import { createTestDatabase } from './database.ts'

type Cleanup = { after(close: () => Promise<void>): void }

export const testBotToken = '7000000001:test-token-of-a-bot-that-is-not-real-0'
const username = 'comptoir_test_bot'
const quiet = pino({ enabled: false })

export type BotScene = { readonly deps: BotDeps; readonly emulator: TelegramEmulator }

/** What the bot stands on: a database, Telegram as the emulator plays it, and a bucket that is away. */
export async function aBotScene(
  t: Cleanup,
  bucket: Partial<ObjectStore> = {},
  settings: NodeJS.ProcessEnv = {},
): Promise<BotScene & { own: Own }> {
  const own = inReverse(t)
  const db = await createTestDatabase({ after: own })
  const dataDir = await mkdtemp(join(tmpdir(), 'bot-'))
  own(() => rm(dataDir, { recursive: true }))
  const emulator = await startTelegramEmulator({ bots: [{ token: testBotToken, username, first_name: 'Comptoir' }] })
  own(() => emulator.close())
  const telegram = openTelegram({ apiRoot: emulator.url, token: testBotToken, log: quiet })
  own(() => telegram.close())
  const config = readConfig({ ...environment(emulator.url, dataDir), ...settings })
  const bot = { id: telegram.botId, username, firstName: 'Comptoir' }
  return { deps: { db, telegram, bucket: absent(bucket), config, bot, log: quiet }, emulator, own }
}

export type RunningBot = BotScene & {
  /** Another process takes over, which knows nothing but what was written down. */
  readonly restart: () => Promise<void>
}

/** The bot with these features, answering whoever writes to it in the emulator. */
export async function aRunningBot(
  t: Cleanup,
  features: readonly Feature[],
  settings: NodeJS.ProcessEnv = {},
): Promise<RunningBot> {
  const { deps, emulator, own } = await aBotScene(t, {}, settings)
  const stopping = new AbortController()
  const start = () =>
    startHandling({
      ...deps,
      botId: deps.bot.id,
      handle: buildBot(deps, features).handle,
      giveUp: (held, error) => giveUp(deps, held, error),
    })
  let handling = start()
  own(() => handling.stop())
  const fetching = fetchUpdates(deps, undefined, stopping.signal)
  own(() => fetching)
  own(() => {
    stopping.abort()
    return Promise.resolve()
  })
  const restart = async () => {
    await handling.stop()
    handling = start()
  }
  return { deps, emulator, restart }
}

type Own = (close: () => Promise<void>) => void

/** Closes in reverse order: what was opened last stands on what was opened first. */
function inReverse(t: Cleanup): Own {
  const closers: (() => Promise<void>)[] = []
  t.after(async () => {
    for (const close of closers.reverse()) await close()
  })
  return (close) => closers.push(close)
}

const absent = (given: Partial<ObjectStore>): ObjectStore =>
  ({
    download: () => Promise.reject(new StorageUnavailable('give a file', new Error('this bucket is away'))),
    ...given,
  }) as ObjectStore

const environment = (apiRoot: string, dataDir: string): NodeJS.ProcessEnv => ({
  TELEGRAM_BOT_TOKEN: testBotToken,
  TELEGRAM_API_ROOT: apiRoot,
  ADMIN_USER_ID: '900000001',
  NOWPAYMENTS_API_KEY: 'a-key-of-no-account',
  NOWPAYMENTS_IPN_SECRET: 'a-shared-word-of-tests',
  IPN_CALLBACK_URL: 'http://127.0.0.1:8000/ipn/nowpayments',
  DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  NATS_URL: 'nats://127.0.0.1:1',
  B2_KEY_ID: 'a-key',
  B2_APPLICATION_KEY: 'another-key',
  B2_BUCKET_NAME: 'bucket',
  B2_ENDPOINT: 'http://127.0.0.1:1',
  DATA_DIR: dataDir,
  UPLOADS_DIR: dataDir,
  DEFAULT_LANGUAGE: 'en',
})
