import { type Environment, readEnvironment } from '../../shared/runtime/environment.ts'
import {
  databaseSettings,
  natsSettings,
  publicUrlSetting,
  storageSettings,
  telegramSettings,
  webSettings,
} from '../../shared/runtime/settings.ts'
import { wholeNumber } from '../../shared/runtime/setting-kinds.ts'
import { folderSettings } from '../../shared/runtime/shop-settings.ts'

const read = (env: Environment) => ({
  ...folderSettings(env),
  database: databaseSettings(env),
  nats: natsSettings(env),
  web: webSettings(env),
  telegram: telegramSettings(env),
  /** One less than the thirty that Telegram names, so that none is early. */
  messagesPerSecond: env.withDefault('TELEGRAM_MESSAGES_PER_SECOND', wholeNumber(1, 1000), '29'),
  storage: storageSettings(env),
  publicUrl: publicUrlSetting(env),
})

export type DeliveryConfig = ReturnType<typeof read>

export const readConfig = (values: NodeJS.ProcessEnv): DeliveryConfig => readEnvironment(values, read)
