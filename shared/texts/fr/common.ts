import { code, type Html } from '../../telegram/html.ts'
import { label, phrase } from '../french.ts'
import { type Format } from '../format.ts'

/** Words of every screen, and answers to what nobody asked for. */
export const common = (format: Format) => ({
  back: '‹ Retour',
  home: '🏠 Accueil',
  cancel: 'Annuler',
  confirm: 'Confirmer',
  continue: 'Continuer',
  discard: 'Abandonner',
  retry: 'Réessayer',
  language: '🌐 Langue',
  languageName: 'Français',
  chooseLanguage: phrase`🌐 <b>Langue</b>\n\nDans quelle langue souhaitez-vous utiliser la boutique ?`,
  languageChosen: label`C’est noté, nous vous parlons désormais en français.`,
  outdated: label`Cet écran a été mis à jour : veuillez réessayer.`,
  slowDown: label`Un peu de patience : une pression à la fois, s’il vous plaît.`,
  notFound: label`Introuvable.`,
  nothingToCancel: phrase`Il n’y a rien à annuler : aucun formulaire n’est en cours. Revenez à l’accueil avec /start.`,
  unknownCommand: phrase`Je ne connais pas cette commande. La liste complète est dans /help.`,
  unaskedFile: phrase`Merci, mais je n’attendais pas de fichier ici. Pour mettre un produit en vente, utilisez /sell ; pour chercher, écrivez simplement quelques mots.`,
  somethingWrong: (reference: string): Html =>
    phrase`Une erreur s’est produite de notre côté. Réessayez dans un instant ; si elle persiste, indiquez la référence ${code(reference)} à /support.`,
  suspended: (until: Date | null): Html =>
    until === null
      ? phrase`Votre compte est suspendu. Votre bibliothèque reste accessible ; pour contester, écrivez à /support.`
      : phrase`Votre compte est suspendu jusqu’au ${format.date(until)}. Votre bibliothèque reste accessible ; pour contester, écrivez à /support.`,
})

export type CommonTexts = ReturnType<typeof common>
