export const sellerFooter =
  'You get this e-mail because you sell on Comptoir. We never ask for a code, a key or a password by e-mail.'
export const buyerFooter =
  'You get this e-mail because you asked for your receipts in /mydata, where you can stop them as well.'
export const open = 'Open Comptoir'
