import bs58 from 'bs58'
import { type Branded } from './brand.ts'
import { type Coin, coinFacts } from './coin.ts'

/** The name of a transaction on its network, in its one spelling. */
export type TransactionHash = Branded<string, 'TransactionHash'>

/** Undefined when no transaction of this coin's network can be called that. */
export function readTransactionHash(coin: Coin, given: string): TransactionHash | undefined {
  const text = given.trim()
  switch (coinFacts[coin].network) {
    case 'sol':
      return isSignature(text) ? (text as TransactionHash) : undefined
    case 'btc':
      return /^[0-9a-f]{64}$/i.test(text) ? (text.toLowerCase() as TransactionHash) : undefined
    case 'eth':
      return /^0x[0-9a-f]{64}$/i.test(text) ? (text.toLowerCase() as TransactionHash) : undefined
  }
}

/** Solana calls a transaction by its first signature: base58 of exactly 64 bytes. */
const isSignature = (text: string): boolean =>
  /^[1-9A-HJ-NP-Za-km-z]{64,88}$/.test(text) && bs58.decode(text).length === 64

/** Where anybody can look at a transaction. */
export function explorerUrl(coin: Coin, hash: string): string {
  const pages = { sol: 'https://solscan.io/tx/', btc: 'https://mempool.space/tx/', eth: 'https://etherscan.io/tx/' }
  return pages[coinFacts[coin].network] + hash
}
