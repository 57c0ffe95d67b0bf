import { type AlarmKind } from '../../domain/alarm.ts'
import { bold, code, escape, type Html, html as phrase, lines } from '../../telegram/html.ts'
import { asMessage, cut } from '../../telegram/text-length.ts'
import { type AlarmFacts } from '../facts.ts'
import { type Format } from '../format.ts'

type Sentences = Readonly<Record<AlarmKind, (facts: AlarmFacts) => { readonly says: Html; readonly act?: Html }>>

const sentences: Sentences = {
  'dead letters': ({ subject, count }) => ({
    says: phrase`Envois en souffrance : ${count} (${escape(cut(subject, 60))})`,
    act: phrase`Ils attendent vos décisions dans l’administration.`,
  }),
  outbox: ({ count }) => ({
    says: phrase`Des événements attendent depuis plus d’une minute : ${count}`,
    act: phrase`NATS répond-il ? Rien n’est perdu ; tout part à son retour.`,
  }),
  bucket: () => ({
    says: phrase`Le stockage des fichiers refuse ou ne répond pas depuis dix minutes`,
    act: phrase`Vérifiez les clés, le quota et l’état du fournisseur ; les livraisons reprendront seules.`,
  }),
  provider: () => ({
    says: phrase`NOWPayments ne répond pas depuis dix minutes`,
    act: phrase`Aucun nouveau paiement n’est possible ; ceux en cours seront relus à son retour.`,
  }),
  backup: () => ({
    says: phrase`La dernière sauvegarde a échoué, est trop vieille, ou n’a pas passé son essai`,
    act: phrase`Lancez-la à la main (npm run backup) et lisez sa réponse.`,
  }),
  invariants: ({ count }) => ({
    says: phrase`Ce qui ne doit jamais être : ${count}`,
    act: phrase`Aucun vendeur n’est payé avant que vous en ayez pris note.`,
  }),
  payouts: ({ count }) => ({
    says: phrase`Des vendeurs attendent leur versement depuis plus de 48 heures : ${count}`,
  }),
  integrity: ({ count }) => ({
    says: phrase`Fichiers absents ou altérés dans le stockage : ${count}`,
    act: phrase`Ils ne sont ni vendus ni envoyés avant d’être retrouvés ou remplacés.`,
  }),
  forgeries: ({ count }) => ({
    says: phrase`Notifications à la signature fausse en dix minutes : ${count}`,
    act: phrase`Vérifiez NOWPAYMENTS_IPN_SECRET ; sinon, quelqu’un essaie au hasard.`,
  }),
  'silent service': ({ subject }) => ({
    says: phrase`Le service ${escape(cut(subject, 60))} ne se fait plus entendre`,
    act: phrase`Regardez son journal et redémarrez-le ; son travail est gardé.`,
  }),
}

/** What lasts: told when it begins, and when it is over. */
export const alarms = (format: Format) => ({
  tell: (facts: AlarmFacts): Html => {
    const { says, act } = sentences[facts.kind](facts)
    const lasted = format.duration(Math.max(1, Math.round(facts.lastedSeconds / 60)))
    if (facts.what === 'cleared') return asMessage(lines(phrase`✅ Terminé : ${says}`, phrase`Cela a duré ${lasted}.`))
    return asMessage(
      lines(phrase`🚨 ${bold(says)}`, facts.detail === '' ? undefined : code(cut(facts.detail, 400)), act),
    )
  },
})

export type AlarmTexts = ReturnType<typeof alarms>
