import { type Environment, readEnvironment } from '../../shared/runtime/environment.ts'
import { databaseSettings, natsSettings, nowPaymentsSettings, webSettings } from '../../shared/runtime/settings.ts'
import { moneySettings } from '../../shared/runtime/shop-settings.ts'
import { httpUrl, matching } from '../../shared/runtime/setting-kinds.ts'

const read = (env: Environment) => ({
  database: databaseSettings(env),
  nats: natsSettings(env),
  web: webSettings(env),
  nowPayments: nowPaymentsSettings(env),
  /** Still accepted while a new IPN secret takes its place. */
  ipnSecretBefore: env.optional('NOWPAYMENTS_IPN_SECRET_BEFORE', matching(/^.{8,}$/, 'at least 8 characters')),
  money: moneySettings(env),
  /** Where the services behind the public port listen; without one its routes are not ours. */
  forward: {
    bot: env.optional('BOT_URL', httpUrl),
    delivery: env.optional('DELIVERY_URL', httpUrl),
    media: env.optional('MEDIA_URL', httpUrl),
    janitor: env.optional('JANITOR_URL', httpUrl),
  },
})

export type IpnConfig = ReturnType<typeof read>

export const readConfig = (values: NodeJS.ProcessEnv): IpnConfig => readEnvironment(values, read)
