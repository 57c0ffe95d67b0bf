import { type Decimal, parseDecimal } from '../../shared/domain/decimal.ts'

export type AddressKind = 'bitcoin' | 'litecoin' | 'dogecoin' | 'ethereum' | 'solana' | 'tron' | 'ripple' | 'ton'

export type SimulatedCoin = {
  readonly code: string
  readonly ticker: string
  readonly name: string
  readonly network: string
  readonly decimals: number
  readonly addressKind: AddressKind
  readonly usdRate: Decimal
  /** A deposit worth less is lost. */
  readonly minimumUsd: Decimal
  readonly contract: string | null
}

type Row = [
  code: string,
  ticker: string,
  name: string,
  network: string,
  decimals: number,
  addressKind: AddressKind,
  usdRate: string,
  minimumUsd: string,
  contract?: string,
]

const rows: Row[] = [
  ['btc', 'btc', 'Bitcoin', 'btc', 8, 'bitcoin', '97250.5', '18.8'],
  ['eth', 'eth', 'Ethereum', 'eth', 18, 'ethereum', '3412.75', '9.5'],
  ['sol', 'sol', 'Solana', 'sol', 9, 'solana', '181.84', '1.2'],
  [
    'usdtsol',
    'usdt',
    'Tether USD (Solana)',
    'sol',
    6,
    'solana',
    '1.0002',
    '1',
    'Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB',
  ],
  [
    'usdcsol',
    'usdc',
    'USD Coin (Solana)',
    'sol',
    6,
    'solana',
    '0.9999',
    '1',
    'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v',
  ],
  ['ltc', 'ltc', 'Litecoin', 'ltc', 8, 'litecoin', '92.18', '2'],
  ['doge', 'doge', 'Dogecoin', 'doge', 8, 'dogecoin', '0.1873', '2.5'],
  ['trx', 'trx', 'Tron', 'trx', 6, 'tron', '0.2846', '3'],
  ['usdttrc20', 'usdt', 'Tether USD (Tron)', 'trx', 6, 'tron', '1.0002', '9', 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t'],
  [
    'usdterc20',
    'usdt',
    'Tether USD (Ethereum)',
    'eth',
    6,
    'ethereum',
    '1.0002',
    '12',
    '0xdac17f958d2ee523a2206206994597c13d831ec7',
  ],
  [
    'usdc',
    'usdc',
    'USD Coin (Ethereum)',
    'eth',
    6,
    'ethereum',
    '0.9999',
    '12',
    '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48',
  ],
  ['bnbbsc', 'bnb', 'Binance Coin (BSC)', 'bsc', 18, 'ethereum', '871.3', '1.5'],
  [
    'usdtbsc',
    'usdt',
    'Tether USD (BSC)',
    'bsc',
    18,
    'ethereum',
    '1.0002',
    '1.5',
    '0x55d398326f99059ff775485246999027b3197955',
  ],
  [
    'usdcbsc',
    'usdc',
    'USD Coin (BSC)',
    'bsc',
    18,
    'ethereum',
    '0.9999',
    '1.5',
    '0x8ac76a51cc950d9822d68b83fe1ad97b32cd580d',
  ],
  ['maticmainnet', 'matic', 'Polygon', 'matic', 18, 'ethereum', '0.1352', '1'],
  [
    'usdtmatic',
    'usdt',
    'Tether USD (Polygon)',
    'matic',
    6,
    'ethereum',
    '1.0002',
    '1',
    '0xc2132d05d31c914a87c6611c10748aeb04b58e8f',
  ],
  [
    'usdcmatic',
    'usdc',
    'USD Coin (Polygon)',
    'matic',
    6,
    'ethereum',
    '0.9999',
    '1',
    '0x3c499c542cef5e3811e1192ce70d8cc03d5c3359',
  ],
  ['xrp', 'xrp', 'Ripple', 'xrp', 6, 'ripple', '2.206', '1.4'],
  ['ton', 'ton', 'Toncoin', 'ton', 9, 'ton', '1.5731', '1.5'],
  [
    'usdtton',
    'usdt',
    'Tether USD (TON)',
    'ton',
    6,
    'ton',
    '1.0002',
    '1.5',
    'EQCxE6mUtQJKFnGfaROTKOt1lZbDiiX1kCixRv7Nw2Id_sDs',
  ],
]

/** Every coin the simulated provider knows, with a fixed rate: prices that move would make no test better. */
export const coins: readonly SimulatedCoin[] = rows.map(
  ([code, ticker, name, network, decimals, addressKind, usdRate, minimumUsd, contract = null]) => ({
    ...{ code, ticker, name, network, decimals, addressKind, contract },
    usdRate: parseDecimal(usdRate),
    minimumUsd: parseDecimal(minimumUsd),
  }),
)

const byCode = new Map(coins.map((coin) => [coin.code, coin]))

export const findCoin = (code: string): SimulatedCoin | undefined => byCode.get(code.toLowerCase())

/** A coin of the simulator's own choosing or from its own books. */
export function coinOf(code: string): SimulatedCoin {
  const coin = findCoin(code)
  if (coin === undefined) throw new RangeError(`Expected a coin of the simulator, got ${code}`)
  return coin
}

const fiats: ReadonlyMap<string, Decimal> = new Map(
  Object.entries({ usd: '1', eur: '1.084', gbp: '1.271', cad: '0.716', aud: '0.652', ils: '0.272', ron: '0.218' }).map(
    ([code, rate]) => [code, parseDecimal(rate)],
  ),
)

export const isFiat = (code: string): boolean => fiats.has(code.toLowerCase())

/** Dollars for one of a coin or fiat; `undefined` for a ticker nobody knows. */
export const usdRateOf = (code: string): Decimal | undefined => findCoin(code)?.usdRate ?? fiats.get(code.toLowerCase())

/** Coins whose deposits need a memo to be found. */
export const needsMemo = ({ network }: SimulatedCoin): boolean => network === 'xrp' || network === 'ton'
