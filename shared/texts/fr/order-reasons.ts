import { type Doubt } from '../../domain/payment.ts'
import { type Html } from '../../telegram/html.ts'
import { phrase } from '../french.ts'

const doubts: Readonly<Record<Doubt | 'refund opened', Html>> = {
  'wrong coin': phrase`Nous avons reçu une autre monnaie que celle demandée.`,
  'price differs': phrase`Le paiement reçu ne correspond pas au prix demandé.`,
  'another order': phrase`Le paiement reçu porte la référence d’une autre commande.`,
  'second deposit': phrase`Un second virement est arrivé à la même adresse.`,
  'cancelled at the provider': phrase`Le service de paiement a interrompu ce paiement.`,
  'not finished': phrase`Le montant est là, mais le service de paiement ne l’a pas entièrement confirmé.`,
  'withdrawn product': phrase`Ce produit a été retiré de la vente : vous serez remboursé.`,
  'too late': phrase`Votre paiement est arrivé longtemps après le délai, et le cours a pu changer.`,
  'paid twice': phrase`Vous avez payé deux fois : nous vous devons l’un des deux paiements.`,
  'never completed': phrase`Ce paiement n’a pas été complété à temps.`,
  'refund opened': phrase`Une personne vous rend votre argent : dites-nous où l’envoyer avec le bouton de notre message.`,
}

/** Why money waits for a person. An unknown reason is told in general words. */
export const whyReview = (doubt: string | null): Html =>
  doubt !== null && Object.hasOwn(doubts, doubt)
    ? doubts[doubt as keyof typeof doubts]
    : phrase`Votre paiement demande une vérification à la main.`

const failures: Readonly<Record<string, Html>> = {
  'below minimum': phrase`Le montant est inférieur au minimum de cette monnaie : choisissez-en une autre.`,
  'coin unavailable': phrase`Cette monnaie est momentanément indisponible : choisissez-en une autre.`,
  closed: phrase`Les paiements sont fermés pour le moment. Réessayez un peu plus tard ; rien ne vous a été demandé.`,
  refused: phrase`Le service de paiement a refusé cette demande : essayez une autre monnaie.`,
  'price changed': phrase`Le prix a changé entre-temps. Recommencez pour voir le nouveau.`,
  'no address': phrase`Nous n’avons pas obtenu d’adresse de paiement. Rien ne vous a été demandé : recommencez quand vous voulez.`,
  'closed by hand': phrase`Une personne a examiné cette commande et l’a classée : la raison est dans notre message.`,
}

/** Why an order failed: without an address, or at the provider. */
export const whyFailed = (reason: string | null): Html =>
  (reason !== null && Object.hasOwn(failures, reason) ? failures[reason] : undefined) ??
  phrase`Le service de paiement n’a pas pu traiter ce paiement, le plus souvent parce que le montant était sous le minimum de la monnaie. Si vous avez envoyé quelque chose, touchez Aide : une personne regarde ce qui peut être récupéré.`
