import { type Coin, coinFacts, isCoin } from '../../../shared/domain/coin.ts'
import { type DecimalText, inUnits, parseDecimal } from '../../../shared/domain/decimal.ts'

/** Where and how much to pay, as the order message shows it. */
export type PaymentTarget = {
  readonly coin: string
  /** What `amountToPay` made of the provider's amount. */
  readonly amount: DecimalText
  readonly address: string
  readonly memo: string | null
  /** The network the provider names, when it does. */
  readonly network: string | null
}

/**
 * What the QR code holds: a payment link that wallets fill in by themselves (BIP-21, EIP-681, Solana Pay), or the bare
 * address whenever such a link could lead a payment astray.
 */
export function qrText(target: PaymentTarget): string {
  const { coin, address, amount } = target
  if (!isCoin(coin) || !isPlain(target, coin)) return address
  switch (coin) {
    case 'btc':
      return `bitcoin:${address}?amount=${amount}`
    case 'eth':
      return ethereumLink(address, amount)
    default:
      return `solana:${address}?amount=${amount}${tokenOf(coin)}`
  }
}

/** No memo, which the links cannot carry; the network we expect; and an address that cannot be read as more than one. */
function isPlain({ memo, network, address }: PaymentTarget, coin: Coin): boolean {
  const hasMemo = memo !== null && memo !== ''
  const isExpected = network === null || network === '' || network.toLowerCase() === coinFacts[coin].network
  return !hasMemo && isExpected && /^[0-9A-Za-z]+$/.test(address)
}

function ethereumLink(address: string, amount: DecimalText): string {
  const wei = inUnits(parseDecimal(amount), coinFacts.eth.decimals)
  return wei === undefined ? address : `ethereum:${address}@1?value=${wei}`
}

function tokenOf(coin: Coin): string {
  const { mint } = coinFacts[coin]
  return mint === undefined ? '' : `&spl-token=${mint}`
}
