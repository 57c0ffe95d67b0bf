import { type Alarm, type AlarmKind } from '../../domain/alarm.ts'
import { bold, code, escape, type Html, lines } from '../../telegram/html.ts'
import { asMessage, cut } from '../../telegram/text-length.ts'
import { type AlarmFacts } from '../facts.ts'
import { type Format } from '../format.ts'
import { label, phrase } from '../french.ts'

type Sentences = Readonly<Record<AlarmKind, (facts: Alarm) => { readonly says: string; readonly act?: string }>>

const sentences: Sentences = {
  'dead letters': ({ subject, count }) => ({
    says: label`Envois en souffrance : ${count} (${cut(subject, 60)})`,
    act: label`Ils attendent vos décisions dans l’administration.`,
  }),
  outbox: ({ count }) => ({
    says: label`Des événements attendent depuis plus d’une minute : ${count}`,
    act: label`NATS répond-il ? Rien n’est perdu ; tout part à son retour.`,
  }),
  bucket: () => ({
    says: label`Le stockage des fichiers refuse ou ne répond pas depuis dix minutes`,
    act: label`Vérifiez les clés, le quota et l’état du fournisseur ; les livraisons reprendront seules.`,
  }),
  provider: () => ({
    says: label`NOWPayments ne répond pas depuis dix minutes`,
    act: label`Aucun nouveau paiement n’est possible ; ceux en cours seront relus à son retour.`,
  }),
  backup: () => ({
    says: label`La dernière sauvegarde a échoué, est trop vieille, ou n’a pas passé son essai`,
    act: label`Lancez-la à la main (npm run backup), essayez-la (npm run chore -- test-restore) et lisez leurs réponses.`,
  }),
  invariants: ({ count }) => ({
    says: label`Ce qui ne doit jamais être : ${count}`,
    act: label`Aucun vendeur n’est payé avant que vous en ayez pris note.`,
  }),
  payouts: ({ count }) => ({
    says: label`Des vendeurs attendent leur versement depuis plus de 48 heures : ${count}`,
  }),
  integrity: ({ count }) => ({
    says: label`Fichiers absents ou altérés dans le stockage : ${count}`,
    act: label`Ils ne sont ni vendus ni envoyés avant d’être retrouvés ou remplacés.`,
  }),
  forgeries: ({ count }) => ({
    says: label`Notifications à la signature fausse en dix minutes : ${count}`,
    act: label`Vérifiez NOWPAYMENTS_IPN_SECRET ; sinon, quelqu’un essaie au hasard.`,
  }),
  'silent service': ({ subject }) => ({
    says: label`Le service ${cut(subject, 60)} ne se fait plus entendre`,
    act: label`Regardez son journal et redémarrez-le ; son travail est gardé.`,
  }),
}

/** What lasts: told when it begins, and when it is over. */
export const alarms = (format: Format) => ({
  /** In one plain line. */
  says: (alarm: Alarm): string => sentences[alarm.kind](alarm).says,
  tell: (facts: AlarmFacts): Html => {
    const { says, act } = sentences[facts.kind](facts)
    const lasted = format.duration(Math.max(1, Math.round(facts.lastedSeconds / 60)))
    if (facts.what === 'cleared')
      return asMessage(lines(phrase`✅ Terminé : ${escape(says)}`, phrase`Cela a duré ${lasted}.`))
    return asMessage(
      lines(
        phrase`🚨 ${bold(escape(says))}`,
        facts.detail === '' ? undefined : code(cut(facts.detail, 400)),
        act === undefined ? undefined : escape(act),
      ),
    )
  },
})

export type AlarmTexts = ReturnType<typeof alarms>
