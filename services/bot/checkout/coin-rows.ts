import { type Coin, coinFacts } from '../../../shared/domain/coin.ts'
import { button, type Key, type Keyboard } from '../keyboard.ts'
import { type OrderView } from './order-view.ts'

/** The coins for another address of an order, two in a row. */
export function coinRows({ order, choice }: OrderView): Keyboard {
  const keys = (choice?.offered ?? []).map(({ coin }) => coinKey(order, coin))
  return keys.flatMap((_, index) => (index % 2 === 0 ? [keys.slice(index, index + 2)] : []))
}

function coinKey({ code: order, status }: OrderView['order'], coin: Coin): Key {
  const text = coinLabel(coin)
  return status === 'underpaid' ? button(text, 'payRest', { order, coin }) : button(text, 'changeCoin', { order, coin })
}

/** `USDT · Solana` */
export const coinLabel = (coin: Coin): string => `${coinFacts[coin].symbol} · ${coinFacts[coin].networkName}`
