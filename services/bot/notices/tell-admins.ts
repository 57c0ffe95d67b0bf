import { type AdminAlert } from '../../../shared/events/index.ts'
import { bold, code, escape, html, lines } from '../../../shared/telegram/html.ts'
import { asMessage } from '../../../shared/telegram/text-length.ts'
import { type BotDeps } from '../context.ts'

export type TellAdminsDeps = Pick<BotDeps, 'telegram' | 'config' | 'log'>

/** Tells every administrator. When none could be reached the alert comes again; one is enough for it to be heard. */
export async function tellAdmins({ telegram, config, log }: TellAdminsDeps, alert: AdminAlert): Promise<void> {
  const text = asMessage(
    lines(html`🔔 ${bold(escape(alert.kind))}`, escape(alert.text), alert.ref === '' ? undefined : code(alert.ref)),
  )
  const told = await Promise.allSettled(
    config.telegram.admins.map((admin) => telegram.call('sendMessage', { chat_id: admin, text, parse_mode: 'HTML' })),
  )
  const failures = told.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  for (const err of failures) log.warn({ err, kind: alert.kind, ref: alert.ref }, 'an administrator cannot be told')
  if (failures.length === told.length)
    throw new Error('No administrator could be told of an alert', { cause: failures[0] })
}
