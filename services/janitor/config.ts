import { type Environment, readEnvironment } from '../../shared/runtime/environment.ts'
import { databaseSettings, natsSettings, storageSettings, webSettings } from '../../shared/runtime/settings.ts'
import { folderSettings, moneySettings, retentionSettings } from '../../shared/runtime/shop-settings.ts'

const read = (env: Environment) => ({
  ...folderSettings(env),
  database: databaseSettings(env),
  nats: natsSettings(env),
  web: webSettings(env),
  storage: storageSettings(env),
  retention: retentionSettings(env),
  money: moneySettings(env),
})

export type JanitorConfig = ReturnType<typeof read>

export const readConfig = (values: NodeJS.ProcessEnv): JanitorConfig => readEnvironment(values, read)
