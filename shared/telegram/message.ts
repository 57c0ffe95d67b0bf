import { z } from 'zod'

const update = z.looseObject({ update_id: z.number().int() })

/** Something that happened in a chat, as Telegram tells it. Everything but its id is read by whoever handles it. */
export type Update = z.infer<typeof update>

export const readUpdates = (result: unknown): Update[] => z.array(update).parse(result)

const file = z.object({ file_id: z.string().min(1), file_unique_id: z.string(), file_size: z.number().optional() })

const message = z.object({
  message_id: z.number().int().transform(BigInt),
  chat: z.object({ id: z.number().int().transform(BigInt) }),
  photo: z.array(file).optional(),
  document: file.optional(),
})

/** A message the bot sent or edited: its id, and what is worth remembering of its file. */
export type SentMessage = {
  readonly messageId: bigint
  readonly chatId: bigint
  /** The largest size of a photo, or the document. */
  readonly fileId: string | undefined
}

/** Reads the result of `send…` and `edit…`. Whatever else they answer (`true`, nothing) is no message. */
export function readSentMessage(result: unknown): SentMessage | undefined {
  const { data } = message.safeParse(result)
  if (data === undefined) return undefined
  const fileId = data.document?.file_id ?? data.photo?.at(-1)?.file_id
  return { messageId: data.message_id, chatId: data.chat.id, fileId }
}
