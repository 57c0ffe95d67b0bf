import { randomBytes } from 'node:crypto'
import { type FileId, type OrderId, type PaymentId, type PersonId, personId, type ProductId } from '../domain/ids.ts'
import { codeFrom, orderCodeLength, productCodeLength, type PublicCode } from '../domain/public-code.ts'
import { type Queryable } from '../db/pool.ts'

export type ProductOnSale = {
  readonly id: ProductId
  readonly code: PublicCode
  readonly fileId: FileId
  readonly seller: PersonId
  readonly price: bigint
}

let lastPerson = 100_000

/** Somebody with an account, in English unless told. */
export async function aPerson(db: Queryable, { language = 'en' }: { language?: 'fr' | 'en' } = {}): Promise<PersonId> {
  lastPerson += 1
  const id = personId(lastPerson)
  await db.query(`insert into users (id, first_name, language) values ($1, 'Somebody', $2)`, [id, language])
  return id
}

const newCode = () => codeFrom(randomBytes(productCodeLength))

export async function aSeller(db: Queryable): Promise<PersonId> {
  const id = await aPerson(db)
  await db.query(`insert into sellers (user_id, code, display_name) values ($1, $2, 'Camille')`, [id, newCode()])
  return id
}

/** A product with a verified file, for sale: $19.99 unless told. */
export async function aProductOnSale(
  db: Queryable,
  {
    price = 1999n,
    title = 'A template',
    sizeBytes = 1000n,
  }: { price?: bigint; title?: string; sizeBytes?: bigint } = {},
): Promise<ProductOnSale> {
  const seller = await aSeller(db)
  const code = newCode()
  const { rows } = await db.query<{ id: ProductId }>(
    `insert into products (code, seller_id, category_id, title, description, price_cents, status, published_at)
     select $1, $2, id, $3, 'A description of it', $4, 'active', now() from categories where slug = 'other'
  returning id`,
    [code, seller, title, price],
  )
  const id = rows[0]?.id
  if (id === undefined) throw new Error('Expected the product just written, got none')
  const fileId = await aReadyFile(db, id, { sizeBytes })
  return { id, code, fileId, seller, price }
}

/** Another version of the file of a product, current from now on. */
export async function aReadyFile(
  db: Queryable,
  product: ProductId,
  { sizeBytes = 1000n }: { sizeBytes?: bigint } = {},
): Promise<FileId> {
  const { rows } = await db.query<{ id: FileId }>(
    `insert into product_files (product_id, number, object_key, file_name, size_bytes, sha256, content_type, kind, state)
     select $1, coalesce(max(number), 0) + 1, 'originals/' || gen_random_uuid(), 'guide.pdf', $2, repeat('a', 64),
            'application/pdf', 'document', 'ready'
       from product_files
      where product_id = $1
  returning id`,
    [product, sizeBytes],
  )
  const id = rows[0]?.id
  if (id === undefined) throw new Error('Expected the file just written, got none')
  await db.query(`update products set current_file_id = $2 where id = $1`, [product, id])
  return id
}

export type OpenOrder = {
  readonly id: OrderId
  readonly code: PublicCode
  readonly buyer: PersonId
  readonly paymentId: PaymentId
}

/** An order that waits for its payment, with an address and, unless told, no message in the chat yet. */
export async function anOpenOrder(
  db: Queryable,
  product: ProductOnSale,
  { buyer, messageId = null }: { buyer?: PersonId; messageId?: number | null } = {},
): Promise<OpenOrder> {
  const person = buyer ?? (await aPerson(db))
  const code = codeFrom(randomBytes(orderCodeLength))
  const { rows } = await db.query<{ id: OrderId; paymentId: PaymentId }>(
    `with placed as (
            insert into orders (code, buyer_id, seller_id, product_id, file_id, title, price_cents, fee_cents, total_cents,
                                fee_rule, status, chat_id, message_id, expires_at, watch_until)
            values ($1, $2, $3, $4, $5, 'A template', $6::bigint, 149, $6::bigint + 149, '149/4800/314', 'awaiting_payment', $2, $7,
                    now() + interval '1 hour', now() + interval '7 days')
         returning id, total_cents)
     insert into payments (order_id, attempt, provider_id, status, rank, price_cents, pay_currency, pay_amount, address,
                           network, valid_until, asked_at, next_poll_at)
     select id, 1, (random() * 1e12)::bigint::text, 'waiting', 0, total_cents, 'usdtsol', '21.48', 'So1anaAddress', 'sol',
            now() + interval '1 hour', now(), now() + interval '1 minute'
       from placed
  returning order_id as "id", id as "paymentId"`,
    [code, person, product.seller, product.id, product.fileId, product.price, messageId],
  )
  const [order] = rows
  if (order === undefined) throw new Error('Expected the order just written, got none')
  return { ...order, code, buyer: person }
}

/** An order whose product its buyer owns, delivered. */
export async function anOwnedOrder(
  db: Queryable,
  product: ProductOnSale,
  { buyer }: { buyer?: PersonId } = {},
): Promise<OpenOrder> {
  const order = await anOpenOrder(db, product, buyer === undefined ? {} : { buyer })
  await db.query(`update orders set status = 'delivered', paid_at = now(), delivered_at = now() where id = $1`, [
    order.id,
  ])
  await db.query(`update payments set status = 'finished', rank = 7, accepted_at = now() where order_id = $1`, [
    order.id,
  ])
  await db.query(`insert into entitlements (order_id, buyer_id, product_id) values ($1, $2, $3)`, [
    order.id,
    order.buyer,
    product.id,
  ])
  return order
}
