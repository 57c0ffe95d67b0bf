import { cut } from '../../telegram/text-length.ts'
import { label } from '../french.ts'

const kinds: Readonly<Record<string, string>> = {
  'refund asked': label`Remboursement demandé`,
  'difference asked': label`Trop-perçu réclamé`,
  'rest too small': label`Reste trop petit`,
  'failed after a deposit': label`Échec après un dépôt`,
  'refused re-read': label`Relecture refusée`,
  'refunded in part': label`Remboursé en partie`,
  'never completed': label`Jamais complété`,
  'wrong coin': label`Autre monnaie`,
  'price differs': label`Prix différent`,
  'another order': label`Autre commande`,
  'second deposit': label`Second dépôt`,
  'cancelled at the provider': label`Annulé chez NOWPayments`,
  'not finished': label`Pas terminé`,
  'withdrawn product': label`Produit retiré`,
  'too late': label`Trop tard`,
  'paid twice': label`Payé deux fois`,
  'differs at the provider': label`Diffère chez NOWPayments`,
  'refunded twice': label`Remboursé deux fois`,
  'content withdrawn': label`Contenu retiré`,
  'refund opened': label`Payé pendant un remboursement`,
}

/** What a case is about; one that nobody named any more is told by its own name. */
export const kindOfCase = (kind: string): string => kinds[kind] ?? cut(kind, 40)
