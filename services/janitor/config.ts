import { type Environment, readEnvironment } from '../../shared/runtime/environment.ts'
import { databaseSettings, natsSettings, webSettings } from '../../shared/runtime/settings.ts'
import { folderSettings } from '../../shared/runtime/shop-settings.ts'

const read = (env: Environment) => ({
  ...folderSettings(env),
  database: databaseSettings(env),
  nats: natsSettings(env),
  web: webSettings(env),
})

export type JanitorConfig = ReturnType<typeof read>

export const readConfig = (values: NodeJS.ProcessEnv): JanitorConfig => readEnvironment(values, read)
