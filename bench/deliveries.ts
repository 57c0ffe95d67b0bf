import { pino } from 'pino'
import { type Closing } from '../sandbox/infra/closing.ts'
import { type World } from '../sandbox/world.ts'
import { inTransaction } from '../shared/db/pool.ts'
import { deliveryRequested } from '../shared/events/index.ts'
import { enqueue } from '../shared/messaging/outbox.ts'
import { openTelegram } from '../shared/telegram/client.ts'
import { aPaidOrder, aRequestedFile, type PaidOrder, type PaidOrderScene } from '../shared/testing/a-delivery.ts'
import { openClosing } from './ending.ts'
import { askBare } from './ask-bare.ts'
import { aBareChat } from './bare-telegram.ts'
import type { BareUploads } from './deliveries/bare-uploads.ts'
import { openOutside, startService } from './outside.ts'
import { type Result } from './result.ts'

const orders = 400
const sizeBytes = 100_000
const atOnce = 4 // transfers of `delivery`
const telegramAllows = { method: 'sendMessage', perSecond: 30 }
const bareUploads = new URL('deliveries/bare-uploads.ts', import.meta.url)

/**
 * Paid orders brought by one `delivery`. Each with a file of its own, as fast as it goes, against bare uploads of the same
 * size; then files Telegram knows, while it takes no more than 30 messages a second and answers 429 to the next.
 */
export async function deliveries(): Promise<Result[]> {
  const closing = openClosing()
  try {
    const { world } = await openOutside(closing)
    const scene = openScene(closing, world)
    const paid: PaidOrder[] = []
    for (let number = 0; number < orders; number++) paid.push(await aPaidOrder(scene, { sizeBytes }))
    const unlimited = await asFastAsItGoes(closing, world, paid)
    const again: PaidOrder[] = []
    for (const order of paid) again.push(await aRequestedFile(scene, order))
    const limited = await underTheLimit(closing, world, again)
    const given: BareUploads = { chat: aBareChat(world), sizeBytes, count: orders, atOnce }
    const bare = await askBare<number>(closing, bareUploads, given)
    return results(unlimited, bare, limited)
  } finally {
    await closing.close()
  }
}

function openScene(closing: Closing, { db, store, telegram: emulator, environment }: World): PaidOrderScene {
  const log = pino({ enabled: false })
  const token = environment['TELEGRAM_BOT_TOKEN'] ?? ''
  const telegram = openTelegram({ apiRoot: emulator.url, token, log })
  closing.after(() => telegram.close())
  return { deps: { db, telegram }, emulator, bucket: { store } }
}

/** Files a second: from the moment all are asked for to the last one in its chat. */
async function bring({ db }: World, ordered: readonly PaidOrder[], filesInEachChat: number): Promise<number> {
  const seen = ordered.map(({ buyer }) =>
    buyer.waitFor(
      ({ messages }) => messages.filter(({ document }) => document !== undefined).length >= filesInEachChat,
      120_000,
    ),
  )
  await inTransaction(db, async (tx) => {
    for (const { deliveryId } of ordered) await enqueue(tx, deliveryRequested, deliveryId, { deliveryId })
  })
  const began = performance.now()
  await Promise.all(seen)
  return (ordered.length * 1000) / (performance.now() - began)
}

async function asFastAsItGoes(closing: Closing, world: World, paid: readonly PaidOrder[]): Promise<number> {
  const stop = await startService(closing, world, 'delivery', { TELEGRAM_MESSAGES_PER_SECOND: '1000' })
  const rate = await bring(world, paid, 1)
  await stop()
  return rate
}

type Limited = { readonly rate: number; readonly refused: number }

async function underTheLimit(closing: Closing, world: World, again: readonly PaidOrder[]): Promise<Limited> {
  const { faults } = world.telegram
  faults.limitRate(telegramAllows)
  const stop = await startService(closing, world, 'delivery')
  const rate = await bring(world, again, 2)
  await stop()
  const refused = faults.tooMany
  faults.clear()
  return { rate, refused }
}

function results(unlimited: number, bare: number, { rate, refused }: Limited): Result[] {
  const unit = 'a second'
  return [
    {
      what: 'Deliveries, each with an upload of 100 kB',
      unit,
      ours: unlimited,
      limit: { of: `bare uploads, ${atOnce} at once`, value: bare },
    },
    {
      what: 'Deliveries of files Telegram knows, under its limit',
      unit,
      ours: rate,
      limit: { of: 'the messages Telegram takes', value: telegramAllows.perSecond },
      target: { ratio: 0.95 },
    },
    { what: 'Answers 429 meanwhile', unit: '', ours: refused, target: { most: 0 } },
  ]
}
