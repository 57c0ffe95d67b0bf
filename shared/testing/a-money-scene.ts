import assert from 'node:assert/strict'
import bs58 from 'bs58'
import { releaseEscrow } from '../../services/janitor/chores/release-escrow.ts'
import { tellNotice } from '../../services/bot/notices/tell-notice.ts'
import { listBrokenInvariants } from '../db/invariants.ts'
import { type Database, inTransaction } from '../db/pool.ts'
import { type NoticeId } from '../domain/ids.ts'
import { makePaid } from '../messaging/make-paid.ts'
import { aSellingScene, Seller, type SellingScene } from './a-selling-scene.ts'
import { anOpenOrder, aProductOnSale, type OpenOrder, type ProductOnSale } from './a-shop.ts'
import { choreDeps } from './chore-deps.ts'
import { type Cleanup } from './database.ts'

export const adminId = 900_000_001
export const wallet = 'DRpbCBMxVnDK7maPM5tGv6MvB3v1sRMC86PZ8okm21hy'

let lastSignature = 0

/** The name of a transaction on Solana that nobody entered before. */
export function aSignature(): string {
  lastSignature += 1
  return bs58.encode(Uint8Array.from({ length: 64 }, (_, index) => (index === 0 ? lastSignature : index + 1)))
}

export type MoneyScene = {
  readonly world: SellingScene
  readonly db: Database
  readonly admin: Seller
  readonly buyer: Seller
  readonly product: ProductOnSale
  readonly order: OpenOrder
}

/** An administrator and a buyer in the chat, and an order of 19.99 + 1.49 that waits for its payment. */
export async function aMoneyScene(t: Cleanup, language: 'fr' | 'en' = 'en'): Promise<MoneyScene> {
  const world = await aSellingScene(t)
  const { db } = world
  const admin = await meet(world, { id: adminId, first_name: 'Grace', language_code: 'en' })
  const buyer = await meet(world, { first_name: 'Ada', language_code: language })
  const product = await aProductOnSale(db)
  await booksWereChecked(db)
  return { world, db, admin, buyer, product, order: await anOpenOrder(db, product, { buyer: buyer.id }) }
}

/** The janitor has just looked whether everything that must hold does. */
export const booksWereChecked = (db: Database): Promise<unknown> =>
  db.query(`insert into chore_runs (chore, dry_run, started_at) values ('check-invariants', false, now())`)

async function meet(
  world: SellingScene,
  who: { readonly id?: number; readonly first_name: string; readonly language_code: string },
): Promise<Seller> {
  const person = world.scene.emulator.addPerson(who)
  person.send('/start')
  await person.waitForMessage(({ keyboard }) => keyboard !== undefined)
  return new Seller(world, person)
}

/** What NOWPayments said of the order's payment: so much of 21.48 USDT came. */
export async function came(
  db: Database,
  { paymentId, id }: OpenOrder,
  paid: string,
  status = 'underpaid',
): Promise<void> {
  await db.query(
    `update payments
        set status = 'partially_paid', rank = 5, actually_paid = $2::text, covered_cents = least(floor($2::text::numeric * 100), price_cents)
      where id = $1`,
    [paymentId, paid],
  )
  await db.query(`update orders set status = $2, seen_at = now() where id = $1`, [id, status])
}

/** All of it came: the order is paid as if a re-read had said so. */
export async function pay(db: Database, { paymentId, id }: OpenOrder): Promise<void> {
  await db.query(
    `update payments set status = 'finished', rank = 7, actually_paid = pay_amount, covered_cents = price_cents where id = $1`,
    [paymentId],
  )
  const paying = { late: false, overpaid: false, escrowHours: 24 }
  const paid = await inTransaction(db, (tx) => makePaid(tx, { orderId: id, paymentId }, paying))
  assert.ok(paid !== undefined)
}

/** An order of this product, paid and its share available. */
export async function aReleasedSale(db: Database, product: ProductOnSale): Promise<OpenOrder> {
  const order = await anOpenOrder(db, product)
  await pay(db, order)
  await release(db)
  return order
}

/** The escrow of every share is over. */
export async function release(db: Database): Promise<void> {
  await db.query(`update payout_items set hold_until = now() - interval '1 second' where state = 'held'`)
  await releaseEscrow.run(choreDeps(db), () => undefined)
}

/** Tells everybody what waits to be told, as the bot does when it is rung. */
export async function tellAll({ world, db }: MoneyScene): Promise<void> {
  const { rows } = await db.query<{ id: NoticeId }>(`select id from notices where state = 'queued' order by created_at`)
  for (const { id } of rows) await tellNotice(world.scene.deps, { noticeId: id })
}

/** What every kind of account holds; empty ones are left out. */
export async function accounts(db: Database): Promise<Record<string, bigint>> {
  const { rows } = await db.query<{ account: string; cents: bigint }>(
    `select split_part(account, ':', 1) as account, sum(amount_cents)::bigint as cents
       from ledger_lines
      group by 1
     having sum(amount_cents) <> 0`,
  )
  return Object.fromEntries(rows.map(({ account, cents: sum }) => [account, sum]))
}

/** The books add up, and every seller is owed what their shares say. */
export async function assertBooksHold(db: Database): Promise<void> {
  assert.equal(
    Object.values(await accounts(db)).reduce((sum, one) => sum + one, 0n),
    0n,
  )
  // the products of these scenes were never uploaded, so nothing was counted against a quota
  const broken = (await listBrokenInvariants(db)).filter(({ name }) => name !== 'quota-used')
  assert.deepEqual(broken, [])
}
