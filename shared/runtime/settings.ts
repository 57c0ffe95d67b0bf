import { type Environment } from './environment.ts'
import * as kind from './setting-kinds.ts'

/** Pieces of configuration. A service's config.ts picks those it needs, and a variable means the same in each. */

const sslModes = ['disable', 'prefer', 'require', 'verify-full'] as const

export type DatabaseConfig = {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string | undefined
  readonly sslMode: (typeof sslModes)[number]
  readonly poolMax: number
}

export type WebConfig = {
  /** `::` unless HOST says otherwise; behind `ipn`'s port the others listen on loopback. */
  readonly host: string
  readonly port: number
  readonly metricsToken: string | undefined
}

export type TelegramConfig = {
  readonly token: string
  readonly apiRoot: string
  readonly admins: readonly bigint[]
  readonly adminEmail: string | undefined
}

export type WebhookConfig = { readonly url: string; readonly secret: string }

export type NowPaymentsConfig = {
  readonly apiUrl: string
  readonly apiKey: string
  readonly ipnSecret: string
  readonly outcomeCoin: string
  readonly callbackUrl: string
  /** How many times faster than usual it may be called. */
  readonly pace: number
}

export type StorageConfig = {
  readonly endpoint: string
  readonly bucket: string
  readonly keyId: string
  readonly applicationKey: string
  readonly region: string
  readonly forcePathStyle: boolean
}

export type MailConfig = {
  readonly address: string
  readonly password: string
  readonly host: string
  readonly port: number
  readonly fromName: string
}

const portNumber = kind.wholeNumber(1, 65_535)

const unguessed = kind.nonEmpty
  .refine((text) => !/^(password|postgres|secret|admin|root|1234\d*)$/i.test(text))
  .describe('a password that is not a common default')

const databaseUrlWords =
  'a postgres:// URL with user, password, host and database, their / # % escaped (or PGHOST, PGDATABASE, PGUSER, PGPASSWORD)'

const databaseUrl = kind
  .matching(/^postgres(ql)?:\/\//, databaseUrlWords)
  .refine((text) => URL.canParse(text) && isDatabaseUrl(new URL(text)))
  .describe(`${databaseUrlWords}, not a default password`)

const isDatabaseUrl = ({ pathname, searchParams, username, password }: URL): boolean =>
  pathname.length > 1 &&
  kind.choice(sslModes).safeParse(searchParams.get('sslmode') ?? 'prefer').success &&
  [pathname, username, password].every(isDecodable) &&
  (password === '' || unguessed.safeParse(decodeURIComponent(password)).success)

function isDecodable(part: string): boolean {
  try {
    decodeURIComponent(part)
    return true
  } catch {
    return false // URIError: a `%` that stands for itself
  }
}

/** DATABASE_URL, or else the PG* variables. */
export function databaseSettings(env: Environment): DatabaseConfig {
  const poolMax = env.withDefault('DB_POOL_MAX', kind.wholeNumber(2, 100), '10')
  const sslMode = env.withDefault('PGSSLMODE', kind.choice(sslModes), 'prefer')
  if (env.has('DATABASE_URL') || !env.has('PGHOST')) {
    const url = env.required('DATABASE_URL', databaseUrl)
    return { ...databaseFromUrl(env.allows('DATABASE_URL') ? url : 'postgres:///', sslMode), poolMax }
  }
  return {
    host: env.required('PGHOST', kind.nonEmpty),
    port: env.withDefault('PGPORT', portNumber, '5432'),
    database: env.required('PGDATABASE', kind.nonEmpty),
    user: env.required('PGUSER', kind.nonEmpty),
    password: env.required('PGPASSWORD', unguessed),
    sslMode,
    poolMax,
  }
}

/** The parts of a postgres:// URL; `?host=/folder` names a socket, `?sslmode=` wins over PGSSLMODE. */
export function databaseFromUrl(text: string, sslMode: DatabaseConfig['sslMode'] = 'prefer'): DatabaseConfig {
  const { hostname, port, pathname, username, password, searchParams } = new URL(text)
  return {
    host: searchParams.get('host') ?? (hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost'),
    port: Number(port || 5432),
    database: decodeURIComponent(pathname.slice(1)),
    user: decodeURIComponent(username) || 'postgres',
    password: password === '' ? undefined : decodeURIComponent(password),
    sslMode: (searchParams.get('sslmode') as DatabaseConfig['sslMode'] | null) ?? sslMode,
    poolMax: 10,
  }
}

export const natsSettings = (env: Environment): { readonly servers: readonly string[] } => ({
  servers: env.required('NATS_URL', kind.natsServers),
})

export const webSettings = (env: Environment): WebConfig => ({
  host: env.withDefault('HOST', kind.nonEmpty, '::'),
  port: env.withDefault('PORT', portNumber, '8000'),
  metricsToken: env.optional('METRICS_TOKEN', kind.matching(/^\S{16,}$/, 'at least 16 characters, no spaces')),
})

export const telegramSettings = (env: Environment): TelegramConfig => ({
  token: env.required(
    'TELEGRAM_BOT_TOKEN',
    kind.matching(/^\d+:[\w-]{35,}$/, 'a bot token: digits:35 or more characters'),
  ),
  apiRoot: env.withDefault('TELEGRAM_API_ROOT', kind.httpUrl, 'https://api.telegram.org'),
  admins: env.required('ADMIN_USER_ID', kind.telegramIds),
  adminEmail: env.optional('ADMIN_EMAIL', kind.emailAddress),
})

const webhookUrl = kind.httpsUrl
  .refine((url) => new URL(url).pathname.endsWith('/telegram/webhook'))
  .describe('an https:// URL ending in /telegram/webhook')

const webhookSecret = kind.matching(/^[\w-]{16,256}$/, '16 to 256 of A-Z a-z 0-9 _ -')

/** Undefined means long polling. */
export function webhookSettings(env: Environment): WebhookConfig | undefined {
  if (!env.has('TELEGRAM_WEBHOOK_URL')) return undefined
  return {
    url: env.required('TELEGRAM_WEBHOOK_URL', webhookUrl),
    secret: env.required('TELEGRAM_WEBHOOK_SECRET', webhookSecret),
  }
}

const callbackUrl = kind.httpUrl
  .refine((text) => {
    const { protocol, hostname, pathname } = new URL(text)
    return pathname.endsWith('/ipn/nowpayments') && (protocol === 'https:' || kind.isPrivateHost(hostname))
  })
  .describe('an https:// URL ending in /ipn/nowpayments (http:// only for loopback or private hosts)')

export const nowPaymentsSettings = (env: Environment): NowPaymentsConfig => ({
  apiUrl: env.withDefault('NOWPAYMENTS_API_URL', kind.httpUrl, 'https://api.nowpayments.io/v1'),
  apiKey: env.required('NOWPAYMENTS_API_KEY', kind.nonEmpty),
  ipnSecret: env.required('NOWPAYMENTS_IPN_SECRET', kind.matching(/^.{8,}$/, 'at least 8 characters')),
  outcomeCoin: env.withDefault(
    'NOWPAYMENTS_OUTCOME_COIN',
    kind.matching(/^[a-z0-9]{2,20}$/, 'a coin code like usdtsol'),
    'usdtsol',
  ),
  callbackUrl: env.required('IPN_CALLBACK_URL', callbackUrl),
  pace: env.withDefault('NOWPAYMENTS_PACE', kind.wholeNumber(1, 100), '1'),
})

/** The base of every link in a chat, without a slash at its end. */
export function publicUrlSetting(env: Environment): string {
  if (env.has('PUBLIC_URL')) return env.required('PUBLIC_URL', kind.httpUrl)
  const url = env.required('IPN_CALLBACK_URL', callbackUrl)
  return env.allows('IPN_CALLBACK_URL') ? new URL(url).origin : ''
}

export function storageSettings(env: Environment): StorageConfig {
  const endpoint = env.required('B2_ENDPOINT', kind.httpUrl)
  const region = env.allows('B2_ENDPOINT') ? regionIn(new URL(endpoint).hostname) : undefined
  return {
    endpoint,
    bucket: env.required('B2_BUCKET_NAME', kind.matching(/^[a-zA-Z0-9][\w.-]{1,62}$/, 'the name of a bucket')),
    keyId: env.required('B2_KEY_ID', kind.nonEmpty),
    applicationKey: env.required('B2_APPLICATION_KEY', kind.nonEmpty),
    region: env.withDefault('S3_REGION', kind.nonEmpty, region ?? 'us-east-1'),
    forcePathStyle: env.withDefault('S3_FORCE_PATH_STYLE', kind.trueOrFalse, 'true'),
  }
}

/** `s3.eu-central-003.backblazeb2.com` and `s3.eu-west-3.amazonaws.com` name their region. */
const regionIn = (hostname: string): string | undefined => /^s3[.-]([a-z]{2}-[a-z]+-\d+)\./.exec(hostname)?.[1]

/** Undefined when no mail can be sent. */
export function mailSettings(env: Environment): MailConfig | undefined {
  if (!env.has('SMTP_EMAIL') && !env.has('SMTP_PASSWORD')) return undefined
  return {
    address: env.required('SMTP_EMAIL', kind.emailAddress),
    password: env.required('SMTP_PASSWORD', kind.nonEmpty),
    host: env.withDefault('SMTP_HOST', kind.nonEmpty, 'smtp.gmail.com'),
    port: env.withDefault('SMTP_PORT', portNumber, '587'),
    fromName: env.withDefault(
      'SMTP_FROM_NAME',
      kind.matching(/^[^\r\n<>"]{1,60}$/, 'at most 60 characters'),
      'Comptoir',
    ),
  }
}
