import { type Message } from 'telegraf/types'
import { type Answer } from './define-form.ts'

/** What a message answers to a step, whatever the step wants. */
export function readAnswer(message: Message): Answer {
  if ('text' in message) return { kind: 'text', text: message.text }
  if ('photo' in message) {
    const largest = message.photo.at(-1)
    if (largest === undefined) return { kind: 'other' }
    const { file_id: telegramFileId, file_size: bytes = 0, width, height } = largest
    return { kind: 'photo', telegramFileId, sizeBytes: BigInt(bytes), width, height }
  }
  // a GIF is an animation that carries its document as well
  if ('document' in message) {
    const { file_id: telegramFileId, file_name: fileName = '', file_size: bytes = 0 } = message.document
    return { kind: 'document', telegramFileId, fileName, sizeBytes: BigInt(bytes) }
  }
  return { kind: 'other' }
}

/** `/start`, `/help@bot`, and not a text that merely begins with a slash. */
export function commandIn(message: Message): string | undefined {
  const [, name] = 'text' in message ? (/^\/(\w{1,32})(?:@\w+)?(?:\s|$)/.exec(message.text) ?? []) : []
  return name?.toLowerCase()
}
