import { type Environment, readEnvironment } from '../../shared/runtime/environment.ts'
import {
  databaseSettings,
  natsSettings,
  publicUrlSetting,
  storageSettings,
  telegramSettings,
  webSettings,
} from '../../shared/runtime/settings.ts'
import { folderSettings } from '../../shared/runtime/shop-settings.ts'

const read = (env: Environment) => ({
  ...folderSettings(env),
  database: databaseSettings(env),
  nats: natsSettings(env),
  web: webSettings(env),
  telegram: telegramSettings(env),
  storage: storageSettings(env),
  publicUrl: publicUrlSetting(env),
})

export type DeliveryConfig = ReturnType<typeof read>

export const readConfig = (values: NodeJS.ProcessEnv): DeliveryConfig => readEnvironment(values, read)
