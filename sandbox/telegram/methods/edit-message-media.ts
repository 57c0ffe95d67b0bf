import { badRequest } from '../errors.ts'
import { readInlineKeyboard } from '../reply-markup.ts'
import { type Method } from '../world.ts'
import { edit, findEditable } from './editing.ts'
import { readInputMedia } from './input-media.ts'
import { contentOf } from './media.ts'

/** Text may become media; inside an album a photo stays a photo and a document a document. */
export const editMessageMedia: Method = async (call) => {
  const markup = readInlineKeyboard(call.params)
  const media = readInputMedia(call.params)
  const { message } = findEditable(call)
  if (message.albumId !== undefined && message.content.kind !== media.type) {
    throw badRequest("Can't change media type in the album")
  }
  const content = await contentOf(call, media)
  return edit(call, findEditable(call), content, markup) // the message may have changed while the file was prepared
}
