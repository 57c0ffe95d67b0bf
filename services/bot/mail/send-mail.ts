import { type Logger } from 'pino'
import { insertDeadLetter } from '../../../shared/db/dead-letters.ts'
import {
  claimEmail,
  type HeldEmail,
  markEmailFailed,
  markEmailSent,
  markEmailSkipped,
  postponeEmail,
} from '../../../shared/db/emails.ts'
import { type Database, inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import { type Mail, pauseAfter } from '../../../shared/domain/mail.ts'
import { type MailSend } from '../../../shared/events/index.ts'
import { type Mailer } from '../../../shared/mail/mailer.ts'
import { SmtpFailure, type SmtpFault } from '../../../shared/mail/smtp-failure.ts'
import { notify } from '../../../shared/messaging/notify.ts'
import { alertAdmins } from '../../../shared/messaging/alert-admins.ts'
import { failpoint } from '../../../shared/runtime/failpoint.ts'
import { type WriteLetter } from './write-letter.ts'

export type SendMailDeps = {
  readonly db: Database
  readonly log: Logger
  /** Undefined without settings: then nothing is ever sent. */
  readonly mailer: Mailer | undefined
  readonly write: WriteLetter
}

// longer than the mailer's own patience
const leaseMs = 180_000

/**
 * Hands one mail to the mail server. `sent` is only written after its answer; a crash between the two sends the same mail
 * once more, under the same Message-ID, by which most mail programs show it once.
 */
export async function sendMail(deps: SendMailDeps, { emailId }: MailSend, signal?: AbortSignal): Promise<void> {
  const { db, mailer, write } = deps
  const held = await claimEmail(db, emailId, leaseMs)
  if (held === undefined) return
  if (mailer === undefined) return skip(deps, held, 'SMTP not configured')
  if (!held.isConfirmed) return skip(deps, held, 'address not confirmed')
  if (held.isLate) return giveUp(deps, held, new Error('Expected the mail to be sent in time, it is too late now'))
  await failpoint('mail.claimed')
  try {
    await mailer.send({ id: held.id, to: held.to, ...write(held) }, signal)
  } catch (error) {
    return afterFailure(deps, held, error)
  }
  await failpoint('mail.sent')
  await markEmailSent(db, held)
  deps.log.info({ ...factsOf(held), attempt: held.tries }, 'e-mail sent')
}

const factsOf = ({ id, mail }: HeldEmail) => ({ emailId: id, template: mail.template })

async function skip({ db, log, mailer }: SendMailDeps, held: HeldEmail, reason: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    const isOver = await markEmailSkipped(tx, held, reason)
    if (isOver && held.mail.template === 'code') await tellWhoWaits(tx, held, mailer === undefined)
  })
  log.info({ ...factsOf(held), reason: 'mail.skipped' }, `e-mail skipped: ${reason} (${held.mail.template})`)
}

async function afterFailure(deps: SendMailDeps, held: HeldEmail, error: unknown): Promise<void> {
  const pauseMs = error instanceof SmtpFailure && error.isPermanent ? undefined : pauseAfter(held.tries)
  if (pauseMs === undefined || !(await postponeEmail(deps.db, held, reasonOf(error), pauseMs)))
    return giveUp(deps, held, error)
  const facts = { ...factsOf(held), reason: 'mail.failed', attempt: held.tries, retryInMs: pauseMs }
  deps.log.warn({ ...facts, err: error }, 'an e-mail was not taken')
  if (error instanceof SmtpFailure && ourFaults.includes(error.fault) && !isToAdmins(held.mail))
    await alertOfServer(deps.db, error)
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** No mail at all goes out like this, so it is told at once. */
const ourFaults: readonly SmtpFault[] = ['wrong password', 'certificate', 'not encrypted']

const isToAdmins = ({ template }: Mail): boolean => template === 'alert' || template === 'alarm'

const alertOfServer = (tx: Queryable, { fault, message: said }: SmtpFailure): Promise<void> =>
  alertAdmins(tx, `mail server:${fault}`, { about: 'mail server', said }, { ref: '' })

/** For good: a person decides. A code is of no use by then, so whoever waits for it is told instead. */
async function giveUp({ db, log }: SendMailDeps, held: HeldEmail, error: unknown): Promise<void> {
  const reason = reasonOf(error)
  const isOver = await inTransaction(db, async (tx) => {
    if (!(await markEmailFailed(tx, held, reason))) return false
    if (held.mail.template === 'code') await tellPerson(tx, held, error)
    else await tellAdministrators(tx, held, reason)
    return true
  })
  if (isOver) log.error({ ...factsOf(held), reason: 'mail.failed', err: error }, 'an e-mail was given up')
}

/** Unless it is the address that was refused, administrators should know as well. */
async function tellPerson(tx: Queryable, held: HeldEmail, error: unknown): Promise<void> {
  await tellWhoWaits(tx, held, false)
  if (error instanceof SmtpFailure && !error.isPermanent) await alertOfServer(tx, error)
}

async function tellWhoWaits(
  tx: Queryable,
  { person, subject, to: email }: HeldEmail,
  isMailOff: boolean,
): Promise<void> {
  if (person !== null)
    await notify(tx, person, subject, { kind: 'code not sent', email, ...(isMailOff && { isMailOff }) })
}

async function tellAdministrators(tx: Queryable, { id, mail }: HeldEmail, reason: string): Promise<void> {
  const text = `The e-mail “${mail.template}” was given up: ${reason}`
  const isNew = await insertDeadLetter(tx, { kind: 'e-mail', ref: id, reason: text, payload: { emailId: id } })
  // an alert that cannot be mailed must not ask for another
  if (!isNew || isToAdmins(mail)) return
  await alertAdmins(
    tx,
    `dead-letter:e-mail:${id}`,
    { about: 'dead mail', template: mail.template, reason },
    { ref: id },
  )
}
