import { readBitcoinAddress } from './bitcoin-address.ts'
import { type Coin, coinFacts } from './coin.ts'
import { readEthereumAddress } from './ethereum-address.ts'
import { type AddressFault, readSolanaAddress } from './solana-address.ts'

export type RefundAddressFault =
  | { readonly kind: 'solana'; readonly fault: AddressFault }
  /** A sign is wrong; or it is an address, but of another network; or no address at all. */
  | { readonly kind: 'checksum' | 'other network' | 'not an address' }

export type RefundAddressReading =
  | { readonly kind: 'address'; readonly address: string; readonly isOrdinary: boolean }
  | { readonly kind: 'refused'; readonly fault: RefundAddressFault }

const refused = (fault: RefundAddressFault): RefundAddressReading => ({ kind: 'refused', fault })
const found = (address: string, isOrdinary = true): RefundAddressReading => ({ kind: 'address', address, isOrdinary })

/** Reads where a buyer wants a coin sent, as people paste it: with spaces around, or as the text of a QR code. */
export function readRefundAddress(coin: Coin, given: string): RefundAddressReading {
  const { network } = coinFacts[coin]
  if (network === 'sol') {
    const read = readSolanaAddress(given)
    return read.kind === 'address'
      ? found(read.address, read.isOnCurve)
      : refused({ kind: 'solana', fault: read.fault })
  }
  const text = /^\s*(?:(?:bitcoin|ethereum):)?([^?@]*)(?:[?@].*)?$/isu.exec(given)?.[1]?.trim() ?? ''
  if (network === 'btc') {
    const kind = readBitcoinAddress(text)
    return kind === 'address' ? found(text) : refused({ kind })
  }
  const read = readEthereumAddress(text)
  return read.kind === 'address' ? found(read.address) : refused({ kind: read.kind })
}
