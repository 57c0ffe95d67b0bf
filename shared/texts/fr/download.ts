import { type Format } from '../format.ts'
import { label } from '../french.ts'

/** The web page behind a download link. */
export const download = (format: Format) => ({
  file: label`Fichier`,
  size: label`Taille`,
  validFor: label`Lien valable`,
  timeLeft: (minutes: number): string => label`encore ${format.duration(minutes)}`,
  button: label`Télécharger`,
  goneTitle: label`Ce lien n’est plus valable`,
  expired: label`Il a expiré.`,
  usedUp: label`Il a servi autant de fois que possible.`,
  revoked: label`La commande a été remboursée.`,
  unknownTitle: label`Ce lien n’existe pas`,
  askAgain: label`Demandez un nouveau lien dans votre bibliothèque, dans Telegram.`,
  tooMany: label`Trop de téléchargements en une heure. Réessayez un peu plus tard.`,
  tooFast: label`Trop de visites en une minute. Réessayez un peu plus tard.`,
  awayTitle: label`Un instant`,
  away: label`Nous ne pouvons pas répondre pour le moment. Réessayez dans une minute.`,
  problem: label`Nous avons un problème avec ce fichier. Une personne s’en occupe ; votre achat reste acquis.`,
  busy: label`Le stockage des fichiers est occupé. Réessayez dans une minute.`,
})

export type DownloadTexts = ReturnType<typeof download>
