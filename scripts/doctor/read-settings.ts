import { resolve } from 'node:path'
import { Environment } from '../../shared/runtime/environment.ts'
import * as kind from '../../shared/runtime/setting-kinds.ts'
import * as settings from '../../shared/runtime/settings.ts'
import * as shop from '../../shared/runtime/shop-settings.ts'
import { type Finding, ok, warning, wrong } from './finding.ts'

const parts = {
  database: settings.databaseSettings,
  nats: settings.natsSettings,
  web: settings.webSettings,
  telegram: settings.telegramSettings,
  webhook: settings.webhookSettings,
  nowPayments: settings.nowPaymentsSettings,
  publicUrl: settings.publicUrlSetting,
  storage: settings.storageSettings,
  mail: settings.mailSettings,
  money: shop.moneySettings,
  fileLimits: shop.fileLimitSettings,
  retention: shop.retentionSettings,
  languages: shop.languageSettings,
  terms: shop.termsSettings,
  folders: (env: Environment) => ({
    dataDir: resolve(env.withDefault('DATA_DIR', kind.nonEmpty, './data')),
    uploadsDir: resolve(env.withDefault('UPLOADS_DIR', kind.nonEmpty, './uploads')),
  }),
  log: (env: Environment) => env.withDefault('LOG_LEVEL', kind.choice(['debug', 'info', 'warn', 'error']), 'info'),
} satisfies Record<string, (env: Environment) => unknown>

type Part = keyof typeof parts

/** What could be read; a part of which something is wrong or missing is not there. */
export type Settings = { readonly [Name in Part]?: ReturnType<(typeof parts)[Name]> }

/** Reads every variable there is, and says of each that is wrong what is wrong with it. */
export function readSettings(values: NodeJS.ProcessEnv): { readonly settings: Settings; readonly findings: Finding[] } {
  const read: Partial<Record<Part, unknown>> = {}
  const refused = new Map<string, string>()
  for (const [name, readPart] of Object.entries(parts)) {
    const env = new Environment(values)
    const value = readPart(env)
    for (const { name, reason } of env.refusals()) refused.set(name, reason)
    if (env.refusals().length === 0) read[name as Part] = value
  }
  const wrongs = [...refused].map(([name, reason]) =>
    wrong('settings', `${name} ${reason}`, `set ${name} and run this again`),
  )
  const known = read as Settings
  return { settings: known, findings: [...(wrongs.length > 0 ? wrongs : [allRead]), ...advice(known, values)] }
}

const allRead = ok('settings', 'every variable can be read')

function advice({ retention, web, publicUrl }: Settings, values: NodeJS.ProcessEnv): Finding[] {
  const found: Finding[] = []
  if (retention !== undefined && retention.backupKey === undefined) {
    found.push(
      warning(
        'settings',
        'BACKUP_KEY is not set: backups are not encrypted',
        'set it to what `openssl rand -base64 32` prints',
      ),
    )
  }
  if (publicUrl?.startsWith('http:') === true && !kind.isPrivateHost(new URL(publicUrl).hostname)) {
    found.push(warning('settings', 'links in the chat are not encrypted: PUBLIC_URL begins with http:', 'use https:'))
  }
  if (web !== undefined && web.metricsToken === undefined) {
    const says = 'METRICS_TOKEN is not set: figures are shown to programs on the same machine only'
    found.push(ok('settings', says))
  }
  if ((values['NODE_TLS_REJECT_UNAUTHORIZED'] ?? '') === '0') {
    const says = 'NODE_TLS_REJECT_UNAUTHORIZED is 0: nobody on the way is kept from reading and changing what is sent'
    found.push(wrong('settings', says, 'unset it'))
  }
  return found
}
