import { type DecimalText, decimalText, isPositive, parseDecimal, roundDown, roundUp } from './decimal.ts'

/** The coins a buyer may pay in, as NOWPayments names them; stablecoins first, as they are offered. */
export const coins = ['usdtsol', 'usdcsol', 'sol', 'btc', 'eth'] as const

export type Coin = (typeof coins)[number]

export type CoinFacts = {
  /** As people know it: `USDT`. */
  readonly symbol: string
  /** The network as NOWPayments names it. */
  readonly network: 'sol' | 'btc' | 'eth'
  readonly networkName: 'Solana' | 'Bitcoin' | 'Ethereum'
  /** Digits after the point that the network can carry. */
  readonly decimals: number
  /** How long a payment usually takes. */
  readonly minutes: readonly [from: number, to: number]
  /** The Solana token; the coins of the networks themselves have none. */
  readonly mint?: string
}

const solana = { network: 'sol', networkName: 'Solana', minutes: [1, 3] } as const

export const coinFacts: Readonly<Record<Coin, CoinFacts>> = {
  usdtsol: { ...solana, symbol: 'USDT', decimals: 6, mint: 'Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB' },
  usdcsol: { ...solana, symbol: 'USDC', decimals: 6, mint: 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v' },
  sol: { ...solana, symbol: 'SOL', decimals: 9 },
  btc: { symbol: 'BTC', network: 'btc', networkName: 'Bitcoin', decimals: 8, minutes: [10, 30] },
  eth: { symbol: 'ETH', network: 'eth', networkName: 'Ethereum', decimals: 18, minutes: [5, 15] },
}

export const isCoin = (text: string): text is Coin => (coins as readonly string[]).includes(text)

/** A dollar coin: its amount does not move while the buyer pays. */
export const isStablecoin = (coin: Coin): boolean => coinFacts[coin].mint !== undefined

/** How people know a coin, also one we never asked for. */
export const symbolOf = (coin: string): string => (isCoin(coin) ? coinFacts[coin].symbol : coin.toUpperCase())

/** The network of a payment as people know it; the provider's own name where it is not the one we expect. */
export function networkNameOf(coin: string, network: string | null): string {
  const facts = isCoin(coin) ? coinFacts[coin] : undefined
  const isExpected = network === null || network === '' || network.toLowerCase() === facts?.network
  return isExpected ? (facts?.networkName ?? coin.toUpperCase()) : network.toUpperCase()
}

/**
 * The amount a buyer is asked for: the provider's number in plain spelling, rounded up to what the network can carry.
 * Caption, copy button and QR code all show this one text.
 */
export function amountToPay(providerAmount: string, coin: Coin): DecimalText {
  const amount = roundUp(parseDecimal(providerAmount), coinFacts[coin].decimals)
  if (!isPositive(amount)) throw new RangeError(`Expected an amount to pay, got ${providerAmount}`)
  return decimalText(amount)
}

/** What a coin can send of an amount: not more of it than there is. */
export const amountToSend = (amount: string, coin: Coin): DecimalText =>
  decimalText(roundDown(parseDecimal(amount), coinFacts[coin].decimals))
