import { join } from 'node:path'
import { type Keys } from './keys.ts'
import { administrator } from './people.ts'

export type Addresses = {
  readonly databaseUrl: string
  readonly natsUrl: string
  readonly bucketEndpoint: string
  readonly telegramRoot: string
  readonly nowPaymentsUrl: string
  readonly publicPort: number
}

export const bucketName = 'comptoir-sandbox'

/** The environment of the five services in the sandbox: the variables of any installation, and nothing else. */
export const environmentOf = (keys: Keys, addresses: Addresses, folder: string): Record<string, string> => ({
  DATABASE_URL: addresses.databaseUrl,
  NATS_URL: addresses.natsUrl,
  B2_ENDPOINT: addresses.bucketEndpoint,
  B2_BUCKET_NAME: bucketName,
  B2_KEY_ID: keys.s3Key,
  B2_APPLICATION_KEY: keys.s3Secret,
  TELEGRAM_API_ROOT: addresses.telegramRoot,
  TELEGRAM_BOT_TOKEN: keys.botToken,
  ADMIN_USER_ID: String(administrator.id),
  NOWPAYMENTS_API_URL: addresses.nowPaymentsUrl,
  NOWPAYMENTS_API_KEY: keys.nowPaymentsKey,
  NOWPAYMENTS_IPN_SECRET: keys.ipnSecret,
  IPN_CALLBACK_URL: `http://127.0.0.1:${addresses.publicPort}/ipn/nowpayments`,
  // Telegram takes no link button to a host name without a dot.
  PUBLIC_URL: `http://127.0.0.1:${addresses.publicPort}`,
  DATA_DIR: join(folder, 'data'),
  UPLOADS_DIR: join(folder, 'uploads'),
  LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'info',
})
