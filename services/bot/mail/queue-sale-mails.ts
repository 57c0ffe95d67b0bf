import { findReceipt } from '../../../shared/db/receipts.ts'
import { type Database, inTransaction, type Queryable } from '../../../shared/db/pool.ts'
import { findSale } from '../../../shared/db/sales.ts'
import { type OrderId } from '../../../shared/domain/ids.ts'
import { mailSeller, queueMail } from '../../../shared/messaging/queue-mail.ts'

/** An order was paid: a mail to its seller, and a receipt to a buyer who wants one. Each once, however often it is asked. */
export const queueSaleMails = (db: Database, orderId: OrderId): Promise<void> =>
  inTransaction(db, async (tx) => {
    await mailSale(tx, orderId)
    await mailReceipt(tx, orderId)
  })

async function mailSale(tx: Queryable, orderId: OrderId): Promise<void> {
  const sale = await findSale(tx, orderId)
  if (sale?.isWanted !== true || sale.price === 0n) return
  const { title, price, coin, orderCode } = sale
  await mailSeller(tx, sale.sellerId, orderId, { template: 'sale', title, price: price.toString(), coin, orderCode })
}

async function mailReceipt(tx: Queryable, orderId: OrderId): Promise<void> {
  const receipt = await findReceipt(tx, orderId)
  if (receipt === undefined) return
  const { address, buyer: person, title, seller, coin, orderCode } = receipt
  const [price, fee, total] = [receipt.price, receipt.fee, receipt.total].map(String) as [string, string, string]
  const mail = { template: 'receipt', title, seller, price, fee, total, coin, orderCode } as const
  await queueMail(tx, { address, isConfirmed: true, person, subject: orderId, mail })
}
