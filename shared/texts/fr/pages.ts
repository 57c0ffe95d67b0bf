import { phrase, label } from '../french.ts'

/** The short answers: each fits under a picture. */
export const pages = () => ({
  help: phrase`<b>Comment ça marche</b>

🛍 <b>Acheter</b> : /buy pour parcourir, ou écrivez ce que vous cherchez. Choisissez votre monnaie, payez l’adresse affichée : le fichier arrive ici.
📚 <b>Retrouver</b> : /library garde vos achats, à télécharger autant que vous voulez. /orders montre vos commandes.
💼 <b>Vendre</b> : /sell ouvre votre boutique. Vous touchez 100 % du prix affiché.

/support Aide · /paysupport Paiements
/shop Boutique d’un vendeur · /stats Vos ventes
/language Langue
/terms Conditions · /privacy Vie privée
/cancel Quitter un formulaire`,
  support: phrase`<b>Aide</b>

Une question sur un achat, un fichier ou un vendeur ? La plupart des réponses sont dans /help, et tout ce qui touche aux paiements dans /paysupport.

Votre fichier ne s’ouvre pas ? Redemandez-le dans /library : il est vérifié avant chaque envoi.

Ne communiquez jamais votre phrase de récupération ni vos clés : nous ne vous les demanderons jamais.`,
  terms: phrase`<b>Conditions d’utilisation</b> · version du 24 novembre 2026

• Les produits sont vendus par leurs créateurs ; la boutique encaisse et livre.
• Le prix affiché revient au vendeur. Des frais de service s’ajoutent, toujours montrés avant de payer.
• Le fichier reste téléchargeable sans limite de durée, sauf remboursement ou retrait d’un contenu illégal.
• Usage personnel, sauf mention contraire du vendeur ; la revente et la diffusion sont interdites.
• Remboursement si le fichier est défectueux, nettement différent de sa description, illégal, ou impossible à livrer pendant 72 h. Écrivez de préférence sous 24 h.
• Un paiement en crypto est définitif : vérifiez le montant, la monnaie et le réseau.
• Contenus illégaux, piratés ou trompeurs : retirés, comptes suspendus.`,
  privacy: phrase`<b>Vie privée</b> · version du 24 novembre 2026

• Nous gardons votre identifiant Telegram, votre prénom, vos commandes et vos téléchargements. Rien d’autre, sauf ce que vous nous écrivez.
• Les vendeurs ne voient jamais qui vous êtes.
• Pas de publicité, pas de mesure d’audience, pas de revente de données.
• Le service de paiement reçoit le montant et le code de la commande, jamais votre nom.
• Les adresses techniques sont gardées 30 jours, les journaux 12 mois au plus, les commandes 10 ans comme l’exige la comptabilité.
• Une copie de vos données, ou leur suppression, se demande par /support.`,
  paysupport: phrase`<b>Aide sur les paiements</b>

• <b>Payé, mais rien ne bouge ?</b> Touchez « Actualiser » sur la commande. Solana : 1 à 3 min, Ethereum : 5 à 15, Bitcoin : 10 à 30.
• <b>Pas assez envoyé ?</b> La commande propose de payer le reste, ou d’être remboursé.
• <b>Trop envoyé, ou payé deux fois ?</b> La différence est notée, et se rembourse.
• <b>Trop tard ?</b> L’adresse reste surveillée 7 jours : un paiement complet est honoré.
• <b>Autre monnaie ou autre réseau ?</b> Une personne regarde sous 48 h.

<b>Remboursement</b> : fichier défectueux, nettement différent de sa description, illégal, ou non livré en 72 h. Il se fait dans la monnaie reçue ou en USDT.`,
  paysupportTitle: label`💳 Aide sur un paiement`,
})

export type PageTexts = ReturnType<typeof pages>
