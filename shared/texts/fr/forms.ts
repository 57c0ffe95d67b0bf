import { bold, escape, type Html } from '../../telegram/html.ts'
import { label, phrase } from '../french.ts'

/** Words around every form, whatever it asks. */
export const forms = () => ({
  /** What each form is called. */
  titles: {
    openShop: label`Ouvrir votre boutique`,
    shopName: label`Nom de la boutique`,
    shopBio: label`Présentation`,
    shopEmail: label`Adresse e-mail`,
    verifyEmail: label`Confirmer votre e-mail`,
    shopAddress: label`Adresse Solana`,
    receipts: label`Reçus par e-mail`,
    product: label`Votre produit`,
    editProduct: label`Modifier le produit`,
    moderate: label`Modération`,
    appeal: label`Contester`,
    refundAddress: label`Votre remboursement`,
    openRefund: label`Remboursement`,
    closeCase: label`Classer le cas`,
    refundSent: label`Remboursement envoyé`,
    rejectRefund: label`Refuser le remboursement`,
    refuseAppeal: label`Refuser la contestation`,
    confirmBatch: label`Confirmer un lot`,
    payoutSent: label`Versement fait`,
    payoutFailed: label`Versement échoué`,
  },
  kept: (title: string): Html =>
    phrase`Votre formulaire « ${bold(escape(title))} » est conservé. Souhaitez-vous le continuer ou l’abandonner ?`,
  continueOpen: label`✏️ Continuer mon formulaire`,
  expired: phrase`Ce formulaire a expiré. Recommencez quand vous voulez : cela ne prend qu’un instant.`,
  conflict: label`Ce formulaire vient d’être mis à jour : veuillez réessayer.`,
  left: label`C’est annulé. Rien n’a été enregistré.`,
  textExpected: phrase`J’attends ici une réponse écrite.`,
  buttonExpected: phrase`Répondez avec l’un des boutons ci-dessous.`,
  tooShort: (length: number, least: number): Html =>
    phrase`C’est un peu court : ${length} caractère(s), il en faut au moins ${least}. Essayez encore.`,
  tooLong: (length: number, most: number): Html =>
    phrase`C’est trop long : ${length} caractères, ${most} au plus. Raccourcissez et renvoyez.`,
})

export type FormTexts = ReturnType<typeof forms>
