import { type Environment, readEnvironment } from '../../shared/runtime/environment.ts'
import {
  databaseSettings,
  mailSettings,
  natsSettings,
  nowPaymentsSettings,
  publicUrlSetting,
  storageSettings,
  telegramSettings,
  webhookSettings,
  webSettings,
} from '../../shared/runtime/settings.ts'
import {
  fileLimitSettings,
  folderSettings,
  languageSettings,
  moneySettings,
  termsSettings,
} from '../../shared/runtime/shop-settings.ts'

const read = (env: Environment) => ({
  ...languageSettings(env),
  ...folderSettings(env),
  ...fileLimitSettings(env),
  database: databaseSettings(env),
  nats: natsSettings(env),
  web: webSettings(env),
  telegram: telegramSettings(env),
  /** Undefined: this bot asks Telegram for updates itself. */
  webhook: webhookSettings(env),
  nowPayments: nowPaymentsSettings(env),
  storage: storageSettings(env),
  money: moneySettings(env),
  publicUrl: publicUrlSetting(env),
  /** Undefined: no e-mail can be sent. */
  mail: mailSettings(env),
  texts: termsSettings(env),
})

export type BotConfig = ReturnType<typeof read>

/** Everything the bot is told by its environment; throws one error that names all that is wrong. */
export const readConfig = (values: NodeJS.ProcessEnv): BotConfig => readEnvironment(values, read)
