import { type Logger } from 'pino'
import { checkBroker } from './check-broker.ts'
import { checkBucket } from './check-bucket.ts'
import { checkClock } from './check-clock.ts'
import { checkDatabase } from './check-database.ts'
import { checkFolders } from './check-folders.ts'
import { checkMail } from './check-mail.ts'
import { checkNotifications } from './check-notifications.ts'
import { checkNowPayments } from './check-nowpayments.ts'
import { checkTelegram } from './check-telegram.ts'
import { type Finding, reasonOf, wrong } from './finding.ts'
import { readSettings } from './read-settings.ts'

/** Looks at a whole installation, from its variables to its partners, and changes nothing. One line for each thing. */
export async function examine(values: NodeJS.ProcessEnv, log: Logger): Promise<Finding[]> {
  const { settings, findings } = readSettings(values)
  const checks: [about: string, check: Promise<Finding[]>][] = [
    ['database', checkDatabase(settings, log)],
    ['nats', checkBroker(settings)],
    ['bucket', checkBucket(settings, log)],
    ['telegram', checkTelegram(settings, log)],
    ['nowpayments', checkNowPayments(settings)],
    ['notifications', checkNotifications(settings)],
    ['clock', checkClock(settings)],
    ['disk', checkFolders(settings)],
    ['mail', checkMail(settings, values)],
  ]
  const found = await Promise.all(
    checks.map(([about, check]) => check.catch((error: unknown) => [failed(about, error)])),
  )
  return [...findings, ...found.flat()]
}

const failed = (about: string, error: unknown): Finding =>
  wrong(about, `this check failed: ${reasonOf(error)}`, 'run it again; if that does not help, it is a mistake of ours')
