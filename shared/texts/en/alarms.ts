import { type Alarm, type AlarmKind } from '../../domain/alarm.ts'
import { bold, code, escape, type Html, html as phrase, lines } from '../../telegram/html.ts'
import { asMessage, cut } from '../../telegram/text-length.ts'
import { type AlarmFacts } from '../facts.ts'
import { type Format } from '../format.ts'
import { type AlarmTexts } from '../fr/alarms.ts'

type Sentences = Readonly<Record<AlarmKind, (facts: Alarm) => { readonly says: string; readonly act?: string }>>

const sentences: Sentences = {
  'dead letters': ({ subject, count }) => ({
    says: `Dead letters: ${count} (${cut(subject, 60)})`,
    act: 'They wait for your decisions in the administration.',
  }),
  outbox: ({ count }) => ({
    says: `Events have been waiting for more than a minute: ${count}`,
    act: 'Does NATS answer? Nothing is lost; everything leaves when it is back.',
  }),
  bucket: () => ({
    says: 'The file storage has refused or not answered for ten minutes',
    act: 'Check the keys, the quota and the provider’s status; deliveries go on by themselves.',
  }),
  provider: () => ({
    says: 'NOWPayments has not answered for ten minutes',
    act: 'No new payment can be made; those under way are read again when it is back.',
  }),
  backup: () => ({
    says: 'The last backup failed, is too old, or did not pass its try',
    act: 'Make one by hand (npm run backup), try it (npm run chore -- test-restore), and read what they answer.',
  }),
  invariants: ({ count }) => ({
    says: `What must never be: ${count}`,
    act: 'No seller is paid until you acknowledge it.',
  }),
  payouts: ({ count }) => ({
    says: `Sellers have been waiting for their payout for more than 48 hours: ${count}`,
  }),
  integrity: ({ count }) => ({
    says: `Files missing or altered in the storage: ${count}`,
    act: 'They are neither sold nor sent until they are found again or replaced.',
  }),
  forgeries: ({ count }) => ({
    says: `Notifications with a bad signature in ten minutes: ${count}`,
    act: 'Check NOWPAYMENTS_IPN_SECRET; if it is right, somebody is guessing.',
  }),
  'silent service': ({ subject }) => ({
    says: `The service ${cut(subject, 60)} is not heard any more`,
    act: 'Look at its log and start it again; its work is kept.',
  }),
}

export const alarms = (format: Format): AlarmTexts => ({
  says: (alarm: Alarm): string => sentences[alarm.kind](alarm).says,
  tell: (facts: AlarmFacts): Html => {
    const { says, act } = sentences[facts.kind](facts)
    const lasted = format.duration(Math.max(1, Math.round(facts.lastedSeconds / 60)))
    if (facts.what === 'cleared')
      return asMessage(lines(phrase`✅ Cleared: ${escape(says)}`, phrase`It lasted ${lasted}.`))
    return asMessage(
      lines(
        phrase`🚨 ${bold(escape(says))}`,
        facts.detail === '' ? undefined : code(cut(facts.detail, 400)),
        act === undefined ? undefined : escape(act),
      ),
    )
  },
})
