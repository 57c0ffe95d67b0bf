import { type AddressFault } from '../../domain/solana-address.ts'
import { type EmailFault, longestEmail } from '../../domain/email.ts'
import { bold, code, escape, type Html, html as phrase, lines, paragraphs } from '../../telegram/html.ts'
import { type AccountTexts } from '../fr/account.ts'
import { type Format } from '../format.ts'
import { reasonIn } from './moderation-reasons.ts'
import { saying } from '../people.ts'

function addressFault(fault: AddressFault): Html {
  switch (fault.kind) {
    case 'empty':
      return phrase`There is no address in this message.`
    case 'several words':
      return phrase`An address is one piece, without spaces. Send it alone.`
    case 'secret':
      return phrase`Careful: this looks like the secret key or the recovery phrase of a wallet. Delete this message, bring your funds to safety, and send only the public address. Nothing was kept.`
    case 'ethereum':
      return phrase`This is an Ethereum address. A Solana address is needed, which does not start with 0x.`
    case 'bitcoin':
      return phrase`This is a Bitcoin address. A Solana address is needed.`
    case 'tron':
      return phrase`This is a Tron (TRC-20) address. A Solana address is needed: USDT sent elsewhere would be lost.`
    case 'program':
      return phrase`This is the address of a program or a token, not of a wallet: money sent there would be lost.`
    case 'look-alike':
      return phrase`The sign “${code(fault.sign)}” does not exist in a Solana address: there is no 0 (zero), O, I or l in it. Copy the address instead of typing it.`
    case 'sign':
      return phrase`The sign “${code(fault.sign)}” does not exist in a Solana address. Copy the whole address from your wallet.`
    case 'wrong size':
      return phrase`This address holds ${fault.bytes} bytes, a Solana address has exactly 32: some are missing or too many.`
    case 'too long':
      return phrase`This is too long for an address: ${fault.length} characters, at most 44.`
  }
}

function emailFault(fault: EmailFault): Html {
  switch (fault.kind) {
    case 'empty':
      return phrase`There is no e-mail address in this message.`
    case 'too long':
      return phrase`That’s too long: ${fault.length} characters, at most ${longestEmail}.`
    case 'several words':
      return phrase`An e-mail address has no spaces. Send it alone.`
    case 'no at':
      return phrase`The @ sign is missing. An e-mail address looks like name@example.com.`
    case 'several ats':
      return phrase`There is more than one @ sign. Send a single e-mail address.`
    case 'name':
      return phrase`What comes before the @ is not valid. Please check the address.`
    case 'domain':
      return phrase`What comes after the @ is not valid: it should be a name like example.com.`
  }
}

export const account = (format: Format): AccountTexts => ({
  emailFault,
  addressFault,
  askEmail: phrase`What is your e-mail address? We use it to reach you; your buyers never see it.`,
  emailTaken: phrase`This e-mail address is already in use. Please give another one.`,
  emailTakenMeanwhile: phrase`This e-mail address was just taken. Go back to the first step and give another one.`,
  askCode: (email: string, at: Date): Html =>
    paragraphs(
      phrase`A 6-digit code is on its way to ${escape(email)} (asked for at ${format.time(at)}). Write it here.`,
      phrase`It is valid for 15 minutes. Nothing arrived? Look into your spam, or check the address.`,
    ),
  noCode: phrase`No code can come: this shop cannot send e-mails any more. Go one step back: it goes on without a code.`,
  anotherCode: 'Send another code',
  codeRule: phrase`The code has 6 digits: it is in the e-mail we sent you.`,
  wrongCode: (left: number): Html =>
    left === 1 ? phrase`This is not the code. One try is left.` : phrase`This is not the code. ${left} tries are left.`,
  codeOver: phrase`This code is of no use any more: it was tried too often, or it is too old. Ask for another one.`,
  tooManyCodes: (again: Date): Html =>
    phrase`Too many codes were asked for. You can ask for another one at ${format.time(again)}.`,
  verifyEmail: '✉️ Confirm my e-mail',
  sendCode: 'Send the code',
  askToVerify: (email: string): Html =>
    phrase`We send a code to ${escape(email)}. A confirmed address gets your e-mails and protects your payouts: nobody changes them without it.`,
  verified: 'Your e-mail address is confirmed.',
  askAddress: paragraphs(
    phrase`What is the Solana address of your wallet? Your sales are paid there in USDT.`,
    phrase`Paste the public address, or the text of its QR code. Never a secret key or a recovery phrase.`,
  ),
  later: 'Later',
  confirmAddress: (address: string): Html =>
    lines(
      phrase`Is this your address, sign by sign?`,
      code(address),
      phrase`What is sent to a wrong address cannot be brought back.`,
    ),
  isMine: 'Yes, it is mine',
  unusualAddress: (address: string): Html =>
    paragraphs(
      phrase`${bold(phrase`This is not an ordinary wallet.`)} The address belongs to a program: a token account, a vault or a contract. Make sure that you can really receive USDT there.`,
      code(address),
    ),
  useAnyway: 'I understand, use it anyway',
  sellerTerms: (email: string, address: string | null): Html =>
    paragraphs(
      lines(
        phrase`E-mail: ${escape(email)}`,
        address === null ? phrase`Solana address: later` : phrase`Solana address: ${code(address)}`,
      ),
      phrase`By opening your shop you accept`,
      lines(
        phrase`• to sell only what you have the right to sell;`,
        phrase`• to earn 100% of your price, paid in USDT on Solana after 24 h of escrow;`,
        phrase`• that a sale is refunded when the file is faulty, misleading or illegal.`,
      ),
      phrase`The complete terms are in /terms.`,
    ),
  accept: 'I accept, open my shop',
  openedNow: 'Your shop is open. Welcome!',
  openAlready: 'Your shop is open already.',
  suspended: (until: Date | null, reason: string | null): Html =>
    paragraphs(
      until === null
        ? phrase`Your account is suspended: you cannot sell.`
        : phrase`Your account is suspended until ${format.date(until)}: you cannot sell.`,
      reason === null ? undefined : phrase`Reason: ${saying(reasonIn(reason))}`,
      phrase`To appeal, write to /support. Your library stays available.`,
    ),
})
