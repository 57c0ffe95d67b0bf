import { bold, escape, type Html, html as phrase } from '../../telegram/html.ts'
import { type FormTexts } from '../fr/forms.ts'

export const forms = (): FormTexts => ({
  titles: {
    openShop: 'Open your shop',
    shopName: 'Shop name',
    shopBio: 'Presentation',
    shopEmail: 'E-mail address',
    verifyEmail: 'Confirm your e-mail',
    shopAddress: 'Solana address',
    receipts: 'Receipts by e-mail',
    product: 'Your product',
    editProduct: 'Edit the product',
    moderate: 'Moderation',
    appeal: 'Appeal',
    refundAddress: 'Your refund',
    openRefund: 'Refund',
    closeCase: 'Close the case',
    refundSent: 'Refund sent',
    rejectRefund: 'Refuse the refund',
    refuseAppeal: 'Turn the appeal down',
    confirmBatch: 'Confirm a batch',
    payoutSent: 'Payout made',
    payoutFailed: 'Payout failed',
  },
  kept: (title: string): Html =>
    phrase`Your form “${bold(escape(title))}” is kept. Would you like to continue or discard it?`,
  continueOpen: '✏️ Continue my form',
  expired: phrase`This form expired. Start again whenever you like: it only takes a moment.`,
  conflict: 'This form was just updated, please try again.',
  left: 'Cancelled. Nothing was saved.',
  textExpected: phrase`I’m expecting a written answer here.`,
  buttonExpected: phrase`Please answer with one of the buttons below.`,
  tooShort: (length: number, least: number): Html =>
    phrase`That’s a little short: ${length} character(s), at least ${least} are needed. Please try again.`,
  tooLong: (length: number, most: number): Html =>
    phrase`That’s too long: ${length} characters, at most ${most}. Please shorten it and send it again.`,
})
