import { randomBytes } from 'node:crypto'
import { readGiven } from '../ask-bare.ts'
import { type BareChat, editToUpload, sendText } from '../bare-telegram.ts'

export type BareUploads = {
  readonly chat: BareChat
  readonly sizeBytes: number
  readonly count: number
  readonly atOnce: number
}

/** So many messages become a file that is uploaded with the call, a few at a time; sends how many that were a second. */
const { chat, sizeBytes, count, atOnce } = readGiven() as BareUploads
const bytes = randomBytes(sizeBytes)
const messages: number[] = []
for (let number = 0; number < count; number++) messages.push(await sendText(chat))

const left = messages.values()
const work = async (): Promise<void> => {
  for (const messageId of left) await editToUpload(chat, messageId, bytes)
}
const began = performance.now()
await Promise.all(Array.from({ length: atOnce }, work))
process.send?.((count * 1000) / (performance.now() - began))
