import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type HeldDelivery } from '../../shared/db/deliveries.ts'
import { dropTelegramFile, findTelegramFile, saveTelegramFile } from '../../shared/db/telegram-files.ts'
import { failpoint } from '../../shared/runtime/failpoint.ts'
import { ObjectCorrupt } from '../../shared/storage/errors.ts'
import { isRefused } from '../../shared/telegram/errors.ts'
import { type Html } from '../../shared/telegram/html.ts'
import { readSentMessage } from '../../shared/telegram/message.ts'
import { type Params } from '../../shared/telegram/params.ts'
import { textsFor } from '../../shared/texts/index.ts'
import { type DeliverOrderDeps } from './deliver-order.ts'
import { type MessageInHand } from './hold-message.ts'
import { type Said, withPlainFallback } from './plain-fallback.ts'

/** Edits the message into the document: by the id Telegram already knows, else by uploading the verified original. */
export async function showDocument(
  deps: DeliverOrderDeps,
  delivery: HeldDelivery,
  message: MessageInHand,
  messageId: bigint,
): Promise<void> {
  const { db, telegram } = deps
  await message.renew()
  const known = await findTelegramFile(db, telegram.botId, delivery.sha256, 'document')
  if (known !== undefined && (await showKnown(deps, delivery, messageId, known))) return
  await uploadOriginal(deps, delivery, message, messageId)
}

async function showKnown(
  { db, telegram }: DeliverOrderDeps,
  delivery: HeldDelivery,
  messageId: bigint,
  fileId: string,
): Promise<boolean> {
  try {
    await withPlainFallback(captionOf(delivery), (said) =>
      telegram.call('editMessageMedia', editParams(delivery, messageId, fileId, said)),
    )
    return true
  } catch (error) {
    if (isRefused(error, 'not modified')) return true
    if (!isRefused(error, 'file refused')) throw error
    await dropTelegramFile(db, telegram.botId, fileId)
    return false
  }
}

async function uploadOriginal(
  deps: DeliverOrderDeps,
  delivery: HeldDelivery,
  message: MessageInHand,
  messageId: bigint,
): Promise<void> {
  const path = join(deps.temporaryDir, `${delivery.id}-${delivery.attempt}`)
  await mkdir(deps.temporaryDir, { recursive: true })
  try {
    await whileRenewing(message, (signal) => fetchOriginal(deps, delivery, path, signal))
    await failpoint('delivery.read')
    const fileId = await upload(deps, delivery, message, messageId, path)
    await failpoint('delivery.uploaded')
    if (fileId !== undefined) {
      await saveTelegramFile(deps.db, deps.telegram.botId, delivery.sha256, 'document', fileId)
    }
  } finally {
    await rm(path, { force: true })
  }
}

/** Bytes that are wrong once may have been changed on the way: a file is called damaged only when it is read so twice. */
async function fetchOriginal(
  { bucket, log }: DeliverOrderDeps,
  { id, objectKey, sizeBytes, sha256 }: HeldDelivery,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const read = (): Promise<void> =>
    bucket.download(objectKey, path, { sizeBytes: Number(sizeBytes), sha256 }, { signal })
  await read().catch((error: unknown) => {
    if (!(error instanceof ObjectCorrupt)) throw error
    log.warn({ deliveryId: id, reason: error.message }, 'an original was read wrong; it is read once more')
    return read()
  })
}

async function upload(
  { telegram }: DeliverOrderDeps,
  delivery: HeldDelivery,
  message: MessageInHand,
  messageId: bigint,
  path: string,
): Promise<string | undefined> {
  try {
    const onProgress = async (): Promise<void> => {
      await message.renew()
      // Telegram shows an action for five seconds; a failure to show one must not stop the file.
      telegram.call('sendChatAction', { chat_id: delivery.chatId, action: 'upload_document' }).catch(() => undefined)
    }
    const answer = await withPlainFallback(captionOf(delivery), (said) =>
      telegram.upload({
        method: 'editMessageMedia',
        params: editParams(delivery, messageId, 'attach://file', said, asItIs),
        files: { file: { name: delivery.fileName, contentType: delivery.contentType, source: { path } } },
        onProgress,
      }),
    )
    return readSentMessage(answer)?.fileId
  } catch (error) {
    if (isRefused(error, 'not modified')) return undefined
    throw error
  }
}

const captionOf = (delivery: HeldDelivery): Html => textsFor(delivery.language).delivery.caption(delivery)

// else Telegram makes a sticker of a WebP picture and an animation of a GIF, without name and caption
const asItIs: Params = { disable_content_type_detection: true }

const editParams = (
  delivery: HeldDelivery,
  messageId: bigint,
  media: string,
  { text, ...mode }: Said,
  how: Params = {},
): Params => ({
  chat_id: delivery.chatId,
  message_id: messageId,
  media: { type: 'document', media, caption: text, ...mode, ...how },
})

/** Runs something long that has no progress of its own, and keeps the leases meanwhile. */
async function whileRenewing<T>(message: MessageInHand, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const lost = new AbortController()
  const timer = setInterval(() => {
    message.renew().catch((error: unknown) => {
      lost.abort(error)
    })
  }, 4000)
  try {
    return await work(lost.signal)
  } finally {
    clearInterval(timer)
  }
}
