import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { startTelegramEmulator, type TelegramEmulator } from '../../sandbox/telegram/server.ts'
import { deliverOrder, type DeliverOrderDeps } from '../../services/delivery/deliver-order.ts'
import { payOrder } from '../db/pay-order.ts'
import { inTransaction } from '../db/pool.ts'
import { type DeliveryId, type OrderId, personId } from '../domain/ids.ts'
import { RetryLater } from '../messaging/retry-later.ts'
import { openTelegram } from '../telegram/client.ts'
import { readSentMessage } from '../telegram/message.ts'
import { aBucket, type TestBucket } from './a-bucket.ts'
import { anOpenOrder, aProductOnSale, type ProductOnSale } from './a-shop.ts'
import { type Cleanup, createTestDatabase } from './database.ts'

const log = pino({ enabled: false })
const token = '7000000002:test-token-of-another-bot-that-is-not-real'

export type DeliveryScene = {
  readonly deps: DeliverOrderDeps
  readonly emulator: TelegramEmulator
  readonly bucket: TestBucket
}

/** What a delivery stands on: a database, a bucket, and Telegram as the emulator plays it. */
export async function aDeliveryScene(t: Cleanup): Promise<DeliveryScene> {
  const [db, bucket] = await Promise.all([createTestDatabase(t), aBucket(t)])
  const emulator = await startTelegramEmulator({ bots: [{ token, username: 'delivery_bot', first_name: 'Comptoir' }] })
  const telegram = openTelegram({ apiRoot: emulator.url, token, log })
  const folder = await mkdtemp(join(tmpdir(), 'comptoir-delivery-'))
  t.after(async () => {
    await telegram.close()
    await emulator.close()
    await rm(folder, { recursive: true, force: true })
  })
  const folders = { temporaryDir: join(folder, 'temp'), dataDir: join(folder, 'data') }
  return {
    deps: { db, telegram, bucket: bucket.store, log, publicUrl: 'https://shop.example', ...folders },
    emulator,
    bucket,
  }
}

export type PaidOrder = {
  readonly id: OrderId
  readonly code: string
  readonly deliveryId: DeliveryId
  readonly buyer: ReturnType<TelegramEmulator['addPerson']>
  readonly product: ProductOnSale
  readonly bytes: Buffer
  readonly key: string
  readonly messageId: number
}

export type PaidOrderScene = {
  readonly deps: Pick<DeliverOrderDeps, 'db' | 'telegram'>
  readonly emulator: Pick<TelegramEmulator, 'addPerson'>
  readonly bucket: Pick<TestBucket, 'store'>
}

/** An order that was just paid: its file in the bucket, its message in the chat, its delivery queued. */
export async function aPaidOrder(
  { deps, emulator, bucket }: PaidOrderScene,
  { declaredBytes, sizeBytes = 2_000 }: { readonly declaredBytes?: bigint; readonly sizeBytes?: number } = {},
): Promise<PaidOrder> {
  const { db, telegram } = deps
  const buyer = emulator.addPerson({ first_name: 'Ada', language_code: 'en' })
  buyer.send('/start')
  await db.query(`insert into users (id, first_name, language) values ($1, 'Ada', 'en')`, [BigInt(buyer.id)])
  const product = await aProductOnSale(db)
  const bytes = randomBytes(sizeBytes)
  const key = `originals/${product.id}/${product.fileId}`
  await bucket.store.put(key, bytes, { contentType: 'application/pdf' })
  await db.query(`update product_files set object_key = $2, sha256 = $3, size_bytes = $4 where id = $1`, [
    product.fileId,
    key,
    createHash('sha256').update(bytes).digest('hex'),
    declaredBytes ?? bytes.length,
  ])
  const placeholder = readSentMessage(await telegram.call('sendMessage', { chat_id: buyer.id, text: 'preparing' }))
  const messageId = Number(placeholder?.messageId)
  const order = await anOpenOrder(db, product, { buyer: personId(buyer.id), messageId })
  const options = { late: false, overpaid: false, escrowHours: 24 }
  const paid = await inTransaction(db, (tx) => payOrder(tx, order.id, options))
  if (paid === undefined) throw new Error('Expected the order to become paid')
  return { ...order, deliveryId: paid.deliveryId, buyer, product, bytes, key, messageId }
}

/** The same file, asked for again from the library: a line of its own that becomes the file. */
export async function aRequestedFile({ deps }: Pick<PaidOrderScene, 'deps'>, order: PaidOrder): Promise<PaidOrder> {
  const line = readSentMessage(await deps.telegram.call('sendMessage', { chat_id: order.buyer.id, text: 'again' }))
  const { rows } = await deps.db.query<{ id: DeliveryId }>(
    `insert into deliveries (order_id, file_id, kind, chat_id, message_id) values ($1, $2, 'again', $3, $4) returning id`,
    [order.id, order.product.fileId, order.buyer.id, line?.messageId],
  )
  return { ...order, deliveryId: rows[0]?.id ?? assert.fail('no delivery'), messageId: Number(line?.messageId) }
}

/** Delivers, and says for how long it is put off, if it is. */
export async function deliverOnce(
  { deps }: DeliveryScene,
  { deliveryId }: Pick<PaidOrder, 'deliveryId'>,
  changed: Partial<DeliverOrderDeps> = {},
): Promise<'done' | { readonly retryMs: number }> {
  try {
    await deliverOrder({ ...deps, ...changed }, { deliveryId })
    return 'done'
  } catch (error) {
    if (error instanceof RetryLater) return { retryMs: error.ms }
    throw error
  }
}

/** The pause before the next try is over. */
export const makeDue = ({ deps }: DeliveryScene, { deliveryId }: PaidOrder): Promise<unknown> =>
  deps.db.query(`update deliveries set next_try_at = now() where id = $1`, [deliveryId])

export type DeliveryState = {
  readonly state: string
  readonly method: string | null
  readonly status: string
  readonly downloads: number
  readonly tries: number
  readonly deadLetters: number
}

/** A delivery and its order, as the tables tell. */
export async function deliveryState({ deps }: DeliveryScene, { deliveryId }: PaidOrder): Promise<DeliveryState> {
  const { rows } = await deps.db.query<DeliveryState>(
    `select d.state, d.method, o.status, o.download_count as "downloads", d.document_tries as "tries",
            (select count(*)::int from dead_letters where ref = d.id::text) as "deadLetters"
       from deliveries d
       join orders o on o.id = d.order_id
      where d.id = $1`,
    [deliveryId],
  )
  return rows[0] ?? assert.fail('no such delivery')
}

/** What the bot shows the buyer, and which of it are files. */
export const shownTo = ({ buyer }: PaidOrder) => buyer.chat().messages.filter(({ from }) => from === 'bot')
export const filesOf = (order: PaidOrder) => shownTo(order).filter(({ document }) => document !== undefined)

/** The buyer has the sold bytes, once. */
export async function assertHasFile({ emulator }: DeliveryScene, order: PaidOrder): Promise<void> {
  const [file, ...more] = filesOf(order)
  assert.ok(file?.document, 'no file')
  assert.deepEqual(more, [])
  assert.deepEqual(await emulator.fileBytes(file.document.file_id), order.bytes)
}

/** Changes for a delivery whose uploads fail. */
export const failingUploads = ({ deps }: DeliveryScene, error: Error): Partial<DeliverOrderDeps> => ({
  telegram: { ...deps.telegram, upload: () => Promise.reject(error) },
})
