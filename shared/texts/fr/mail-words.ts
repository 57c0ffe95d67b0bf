import { label } from '../french.ts'

export const sellerFooter = label`Vous recevez cet e-mail parce que vous vendez sur Comptoir. Nous ne demandons jamais de code, de clé ni de mot de passe par e-mail.`
export const buyerFooter = label`Vous recevez cet e-mail parce que vous avez demandé vos reçus dans /mydata, où vous pouvez aussi les arrêter.`
export const open = label`Ouvrir Comptoir`
