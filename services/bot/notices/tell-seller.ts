import { type Logger } from 'pino'
import { insertHandled } from '../../../shared/db/inbox.ts'
import { type Database } from '../../../shared/db/pool.ts'
import { findSale, type Sale, saleNotice } from '../../../shared/db/sales.ts'
import { setReachable } from '../../../shared/db/users.ts'
import { type OrderId } from '../../../shared/domain/ids.ts'
import { type PaymentConfirmed } from '../../../shared/events/index.ts'
import { RetryLater } from '../../../shared/messaging/retry-later.ts'
import { type Telegram } from '../../../shared/telegram/client.ts'
import { isRefused, TelegramBusy } from '../../../shared/telegram/errors.ts'
import { textsFor } from '../../../shared/texts/index.ts'
import { tellOnce } from './tell-once.ts'

export type TellSellerDeps = { readonly db: Database; readonly telegram: Pick<Telegram, 'call'>; readonly log: Logger }

/**
 * One line to the seller per sale: product, price, coin, order code, and nothing about the buyer. It is sent before it is
 * noted, so that a crash repeats it rather than losing it.
 */
export async function tellSeller(deps: TellSellerDeps, { orderId }: PaymentConfirmed): Promise<void> {
  const sale = await mustFindSale(deps.db, orderId)
  if (sale.isTold || !sale.isWanted) return
  await tellOnce(deps.db, {
    key: `sale:${orderId}`,
    isTold: async () => (await mustFindSale(deps.db, orderId)).isTold,
    send: () => send(deps, sale),
    mark: (tx) => insertHandled(tx, saleNotice, orderId),
  })
}

async function mustFindSale(db: Database, orderId: OrderId): Promise<Sale> {
  const sale = await findSale(db, orderId)
  if (sale === undefined) throw new Error(`Expected order ${orderId} to exist, got none`)
  return sale
}

async function send({ db, telegram, log }: TellSellerDeps, sale: Sale): Promise<void> {
  const { notices } = textsFor(sale.language)
  const text =
    sale.price === 0n
      ? notices.freeOrders(sale.title, 1)
      : notices.sale(sale.title, sale.price, sale.coin, sale.orderCode)
  try {
    await telegram.call('sendMessage', { chat_id: sale.sellerId, text, parse_mode: 'HTML' })
  } catch (error) {
    if (error instanceof TelegramBusy) throw new RetryLater(error.retryAfterMs, error.message)
    if (!isRefused(error, 'blocked')) throw error
    await setReachable(db, sale.sellerId, false)
    log.info({ userId: sale.sellerId, orderCode: sale.orderCode }, 'the seller cannot be told of a sale')
  }
}
