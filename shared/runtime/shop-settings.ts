import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Environment } from './environment.ts'
import * as kind from './setting-kinds.ts'

/** Money in cents, percentages in hundredths of a percent, durations and sizes with their unit in the name. */

const languages = ['fr', 'en'] as const
const coins = ['usdtsol', 'usdcsol', 'sol', 'btc', 'eth'] as const
const paymentPolicies = ['crypto-in-chat', 'web-checkout', 'stars-only'] as const
/** The other two have their names only: whoever asks for one must not get another. */
const builtPolicy = kind
  .choice(paymentPolicies)
  .refine((policy) => policy === 'crypto-in-chat')
  .describe('crypto-in-chat (web-checkout and stars-only are not built yet)')

export type Language = (typeof languages)[number]

export type MoneyConfig = {
  readonly coins: readonly (typeof coins)[number][]
  readonly priceMinCents: bigint
  readonly priceMaxCents: bigint
  readonly feeFlatCents: bigint
  readonly feeThresholdCents: bigint
  /** Hundredths of a percent: 314 is 3.14 %. */
  readonly feeBasisPoints: bigint
  readonly toleranceBasisPoints: bigint
  readonly orderTtlMinutes: number
  readonly escrowHours: number
  readonly walletHoldHours: number
  readonly payoutMinCents: bigint
  readonly policy: (typeof paymentPolicies)[number]
}

export function moneySettings(env: Environment): MoneyConfig {
  const priceMinCents = env.withDefault('PRICE_MIN_USD', kind.dollarAmount, '9.99')
  const priceMaxCents = env.withDefault('PRICE_MAX_USD', kind.dollarAmount, '5000')
  if (env.allows('PRICE_MIN_USD', 'PRICE_MAX_USD') && priceMinCents > priceMaxCents) {
    env.refuse('PRICE_MIN_USD', 'is invalid: expected at most PRICE_MAX_USD')
  }
  const hours = kind.wholeNumber(0, 720)
  return {
    coins: env.withDefault('PAYMENT_COINS', kind.choices(coins), coins.join(',')),
    priceMinCents,
    priceMaxCents,
    feeFlatCents: env.withDefault('FEE_FLAT_USD', kind.dollarAmount, '1.49'),
    feeThresholdCents: env.withDefault('FEE_THRESHOLD_USD', kind.dollarAmount, '48'),
    feeBasisPoints: env.withDefault('FEE_PERCENT', kind.percent(30), '3.14'),
    toleranceBasisPoints: env.withDefault('PAYMENT_TOLERANCE_PERCENT', kind.percent(5), '0.5'),
    orderTtlMinutes: env.withDefault('ORDER_TTL_MINUTES', kind.wholeNumber(10, 1440), '60'),
    escrowHours: env.withDefault('ESCROW_HOURS', hours, '24'),
    walletHoldHours: env.withDefault('WALLET_HOLD_HOURS', hours, '48'),
    payoutMinCents: env.withDefault('PAYOUT_MIN_USD', kind.dollarAmount, '10'),
    policy: env.withDefault('PAYMENT_POLICY', builtPolicy, 'crypto-in-chat'),
  }
}

export type FileLimits = { readonly sellerQuotaBytes: number; readonly maxFileBytes: number }

export function fileLimitSettings(env: Environment): FileLimits {
  const sellerQuotaBytes = env.withDefault('SELLER_QUOTA_GB', kind.gigabytes, '10')
  const maxFileBytes = env.withDefault('MAX_FILE_GB', kind.gigabytes, '10')
  if (env.allows('SELLER_QUOTA_GB', 'MAX_FILE_GB') && maxFileBytes > sellerQuotaBytes) {
    env.refuse('MAX_FILE_GB', 'is invalid: expected at most SELLER_QUOTA_GB')
  }
  return { sellerQuotaBytes, maxFileBytes }
}

export type RetentionConfig = {
  readonly deletedRetentionDays: number
  readonly deletedQuietDays: number
  /** Undefined: sold files of deleted products are kept for ever. */
  readonly soldFilesRetentionDays: number | undefined
  readonly backupRetentionDays: number
  readonly backupKey: Buffer | undefined
}

export const retentionSettings = (env: Environment): RetentionConfig => ({
  deletedRetentionDays: env.withDefault('DELETED_RETENTION_DAYS', kind.wholeNumber(1), '90'),
  deletedQuietDays: env.withDefault('DELETED_QUIET_DAYS', kind.wholeNumber(1), '30'),
  soldFilesRetentionDays: env.optional('SOLD_FILES_RETENTION_DAYS', kind.wholeNumber(120)),
  backupRetentionDays: env.withDefault('BACKUP_RETENTION_DAYS', kind.wholeNumber(1), '30'),
  backupKey: env.optional('BACKUP_KEY', kind.key32),
})

export type FolderConfig = { readonly dataDir: string; readonly uploadsDir: string }

/** Both folders, made when they are missing. */
export const folderSettings = (env: Environment): FolderConfig => ({
  dataDir: folder(env, 'DATA_DIR', './data'),
  uploadsDir: folder(env, 'UPLOADS_DIR', './uploads'),
})

function folder(env: Environment, name: string, text: string): string {
  const path = resolve(env.withDefault(name, kind.nonEmpty.describe('a writable folder'), text))
  try {
    mkdirSync(path, { recursive: true })
    accessSync(path, constants.W_OK | constants.X_OK)
  } catch {
    env.refuse(name, 'is invalid: expected a folder that exists or can be made, and can be written to')
  }
  return path
}

export type LanguageConfig = { readonly defaultLanguage: Language; readonly timeZone: string }

export const languageSettings = (env: Environment): LanguageConfig => ({
  defaultLanguage: env.withDefault('DEFAULT_LANGUAGE', kind.choice(languages), 'fr'),
  timeZone: env.withDefault('TIMEZONE', kind.timeZone, 'Europe/Paris'),
})

/** For each language the file to show; undefined when the built-in text is used. */
export type TermsConfig = {
  readonly terms: Readonly<Record<Language, string>> | undefined
  readonly privacy: Readonly<Record<Language, string>> | undefined
}

export const termsSettings = (env: Environment): TermsConfig => ({
  terms: textFile(env, 'TERMS_FILE'),
  privacy: textFile(env, 'PRIVACY_FILE'),
})

function textFile(env: Environment, name: string): Record<Language, string> | undefined {
  const path = env.optional(name, kind.nonEmpty.describe('a readable file'))
  if (path === undefined) return undefined
  const [fr, en] = languages.map((language) => readable(`${path}.${language}`) ?? readable(path))
  if (fr !== undefined && en !== undefined) return { fr, en }
  env.refuse(name, 'is invalid: expected a readable file, or one per language with .fr and .en added to this name')
  return undefined
}

const readable = (path: string): string | undefined => (existsSync(path) ? resolve(path) : undefined)
