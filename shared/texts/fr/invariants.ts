import { type PayoutBlock } from '../../domain/invariant.ts'
import { bold, code, escape, type Html, lines, paragraphs } from '../../telegram/html.ts'
import { asCaption, cut } from '../../telegram/text-length.ts'
import { type FindingFacts } from '../facts.ts'
import { type Format } from '../format.ts'
import { label, phrase } from '../french.ts'

const sentences: Readonly<Record<PayoutBlock, string>> = {
  'entries-balance': label`une écriture ne tombe pas à zéro`,
  'sales-are-booked': label`les ventes des livres ne sont pas celles des commandes payées`,
  'one-share-per-sale': label`une commande payée n’a pas sa part de vendeur, ou une commande gratuite en a une`,
  'fees-by-the-rule': label`des frais ne suivent pas leur barème`,
  'rights-follow-payment': label`une commande payée ne donne pas droit à son fichier, ou ce droit a survécu à sa commande`,
  'paid-with-money': label`une commande est payée sans aucun paiement réglé`,
  'paid-is-delivered': label`une commande payée n’a pas de livraison, ou une commande impayée en a une`,
  'payments-move-forward': label`un paiement est revenu en arrière`,
  'orders-are-where-they-say': label`une commande n’est pas là où ses dates le disent`,
  'owned-files-are-kept': label`quelqu’un possède une version effacée ou jamais vérifiée`,
  'visible-is-verified': label`un produit visible a un fichier ou une image qui n’est pas vérifié`,
  'balances-are-shares': label`le solde d’un vendeur n’est pas la somme de ses parts`,
  'payouts-hold-their-shares': label`un versement n’est pas la somme de ses parts`,
  'no-early-payout': label`une part est disponible avant la fin de sa retenue`,
  'quota-reserved': label`la place réservée d’un vendeur n’est pas celle des fichiers en route`,
  'quota-used': label`la place occupée d’un vendeur n’est pas celle de ses fichiers`,
  'restored-is-compared': label`la base a été restaurée : comparez avec le portefeuille ce qui a été payé depuis cette sauvegarde`,
  'ratings-add-up': label`des notes ne font pas leur somme`,
  'not-checked-lately': label`rien n’a été vérifié depuis trois heures : le concierge est-il arrêté ?`,
}

const isKnown = (name: string): name is PayoutBlock => Object.hasOwn(sentences, name)

/** What must never be, and what administrators may do about it. */
export const invariants = (format: Format) => {
  const says = (name: string): string => (isKnown(name) ? sentences[name] : name)

  return {
    says,
    /** On the home of administrators, as a button. */
    waiting: (count: number): string => label`⛔ Ce qui ne doit jamais être · ${count}`,
    list: (blocking: number): Html =>
      paragraphs(
        phrase`⛔ <b>Ce qui ne doit jamais être</b>`,
        blocking === 0
          ? phrase`Tout est pris en note : les versements peuvent se faire.`
          : phrase`Aucun vendeur n’est payé tant que ${blocking} de ces constats n’ont pas été pris en note.`,
      ),
    none: phrase`✅ Livres, droits, fichiers et quotas sont d’accord.`,
    unchecked: phrase`⛔ Aucun vendeur n’est payé : ${escape(sentences['not-checked-lately'])}`,
    entry: (name: string, count: number, isAcknowledged: boolean): string =>
      label`${isAcknowledged ? '☑️' : '⛔'} ${count} · ${says(name)}`,
    one: ({ name, count, refs, firstSeenAt, lastSeenAt, acknowledgedAt }: FindingFacts): Html =>
      asCaption(
        paragraphs(
          phrase`⛔ ${bold(escape(says(name)))}`,
          lines(
            phrase`Combien : ${count}`,
            phrase`Vu la première fois : ${format.moment(firstSeenAt)}`,
            phrase`Vu la dernière fois : ${format.moment(lastSeenAt)}`,
            acknowledgedAt === null ? undefined : phrase`Pris en note : ${format.moment(acknowledgedAt)}`,
          ),
          phrase`Où : ${code(cut(refs.join(', '), 400))}`,
        ),
      ),
    acknowledge: label`Prendre en note`,
    ask: (name: string): Html =>
      paragraphs(
        phrase`Prendre en note : ${bold(escape(says(name)))}`,
        phrase`Les vendeurs pourront être payés malgré ce constat. S’il s’aggrave, les versements s’arrêtent à nouveau et vous l’apprenez. Votre nom est gardé avec cette décision.`,
      ),
    acknowledgeNow: label`Oui, payer malgré cela`,
    acknowledged: label`Pris en note.`,
    changed: label`Ce constat a changé depuis : regardez-le à nouveau.`,
  }
}

export type InvariantTexts = ReturnType<typeof invariants>
