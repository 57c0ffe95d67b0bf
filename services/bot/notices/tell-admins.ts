import { markAlertTold, takeAlertTurn } from '../../../shared/db/admin-alerts.ts'
import { type AdminAlert } from '../../../shared/events/index.ts'
import { RetryLater } from '../../../shared/messaging/retry-later.ts'
import { bold, code, escape, html, lines } from '../../../shared/telegram/html.ts'
import { asMessage } from '../../../shared/telegram/text-length.ts'
import { type BotDeps } from '../context.ts'

export type TellAdminsDeps = Pick<BotDeps, 'db' | 'telegram' | 'config' | 'log'>

const quietMs = 15 * 60_000

/**
 * Tells every administrator, once in a quarter of an hour for each kind of alert; what comes meanwhile is told together, as
 * a count. When none could be reached the alert comes again; one is enough for it to be heard.
 */
export async function tellAdmins(deps: TellAdminsDeps, alert: AdminAlert, messageId: string): Promise<void> {
  const turn = await takeAlertTurn(deps.db, alert.kind, messageId, quietMs)
  if (turn.kind === 'wait') throw new RetryLater(turn.ms, 'an alert of this kind was told just now')
  if (turn.kind === 'over') return
  await tell(deps, alert, turn.held)
  await markAlertTold(deps.db, alert.kind, messageId, turn.held)
}

async function tell({ telegram, config, log }: TellAdminsDeps, alert: AdminAlert, held: number): Promise<void> {
  const text = asMessage(
    lines(
      html`🔔 ${bold(escape(alert.kind))}`,
      escape(alert.text),
      alert.ref === '' ? undefined : code(alert.ref),
      held === 0 ? undefined : html`… and ${held} more of this kind in the last quarter of an hour`,
    ),
  )
  const told = await Promise.allSettled(
    config.telegram.admins.map((admin) => telegram.call('sendMessage', { chat_id: admin, text, parse_mode: 'HTML' })),
  )
  const failures = told.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  for (const err of failures) log.warn({ err, kind: alert.kind, ref: alert.ref }, 'an administrator cannot be told')
  if (failures.length === told.length)
    throw new Error('No administrator could be told of an alert', { cause: failures[0] })
}
