import { type Environment, readEnvironment } from '../../shared/runtime/environment.ts'
import {
  databaseSettings,
  natsSettings,
  storageSettings,
  telegramSettings,
  webSettings,
} from '../../shared/runtime/settings.ts'
import { fileLimitSettings, folderSettings } from '../../shared/runtime/shop-settings.ts'

const read = (env: Environment) => ({
  ...folderSettings(env),
  ...fileLimitSettings(env),
  database: databaseSettings(env),
  nats: natsSettings(env),
  web: webSettings(env),
  telegram: telegramSettings(env),
  storage: storageSettings(env),
})

export type MediaConfig = ReturnType<typeof read>

export const readConfig = (values: NodeJS.ProcessEnv): MediaConfig => readEnvironment(values, read)
