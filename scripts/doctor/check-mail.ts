import { checkSmtp } from '../../shared/mail/check-smtp.ts'
import { type Finding, ok, wrong } from './finding.ts'
import { type Settings } from './read-settings.ts'

const todos = {
  'wrong password': 'check SMTP_EMAIL and SMTP_PASSWORD (at Gmail an app password)',
  unreachable: 'check SMTP_HOST and SMTP_PORT, and that the host lets mail out',
} as const

/** Connects and logs in, and sends nothing. */
export async function checkMail({ mail }: Settings, values: NodeJS.ProcessEnv): Promise<Finding[]> {
  if (mail === undefined) {
    const isWrong = (values['SMTP_EMAIL'] ?? values['SMTP_PASSWORD'] ?? '') !== ''
    return isWrong ? [] : [ok('mail', 'no mail is sent: SMTP_EMAIL and SMTP_PASSWORD are not set')]
  }
  const check = await checkSmtp(mail)
  if (check.kind === 'ok') return [ok('mail', `${mail.host} lets us in`)]
  const { fault, message } = check.failure
  const todo = fault === 'wrong password' || fault === 'unreachable' ? todos[fault] : 'check SMTP_HOST and SMTP_PORT'
  return [wrong('mail', message, todo)]
}
