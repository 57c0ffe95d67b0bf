import { markAlertTold, takeAlertTurn } from '../../../shared/db/admin-alerts.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { type AdminAlert } from '../../../shared/events/index.ts'
import { queueMail } from '../../../shared/messaging/queue-mail.ts'
import { RetryLater } from '../../../shared/messaging/retry-later.ts'
import { type BotDeps } from '../context.ts'
import { tellEachAdmin } from './tell-each-admin.ts'

export type TellAdminsDeps = Pick<BotDeps, 'db' | 'telegram' | 'config' | 'log'>

const quietMs = 15 * 60_000

/**
 * Tells every administrator, and ADMIN_EMAIL, once in a quarter of an hour for each kind of alert; what comes meanwhile is
 * told together, as a count. When none could be reached the alert comes again; one is enough for it to be heard.
 */
export async function tellAdmins(deps: TellAdminsDeps, alert: AdminAlert, messageId: string): Promise<void> {
  const turn = await takeAlertTurn(deps.db, alert.kind, messageId, quietMs)
  if (turn.kind === 'wait') throw new RetryLater(turn.ms, 'an alert of this kind was told just now')
  if (turn.kind === 'over') return
  await mail(deps, alert, messageId)
  await tell(deps, alert, turn.held)
  await markAlertTold(deps.db, alert.kind, messageId, turn.held)
}

/** Once, however often the chat has to be tried. */
async function mail({ db, config }: TellAdminsDeps, alert: AdminAlert, subject: string): Promise<void> {
  const { adminEmail: address } = config.telegram
  if (address === undefined) return
  const email = { address, isConfirmed: true, person: null, subject, mail: { template: 'alert', ...alert } } as const
  await inTransaction(db, (tx) => queueMail(tx, email))
}

function tell(deps: TellAdminsDeps, told: AdminAlert, held: number): Promise<void> {
  const { kind, ref, alert, text } = told
  return tellEachAdmin(deps, { kind, ref }, ({ admin, alerts }) => {
    const words = alert === undefined ? (text ?? '') : alerts.says(alert, ref)
    return admin.alert(alerts.title(kind), words, ref, held)
  })
}
