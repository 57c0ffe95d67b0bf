import { badRequest } from '../errors.ts'
import { readInlineKeyboard } from '../reply-markup.ts'
import { type Method } from '../world.ts'
import { edit, findEditable } from './editing.ts'
import { captionOf } from './sending.ts'

export const editMessageCaption: Method = (call) => {
  const { params } = call
  const markup = readInlineKeyboard(params)
  const caption = captionOf(params)
  const editable = findEditable(call)
  const { content } = editable.message
  if (content.kind === 'text') throw badRequest('There is no caption in the message to edit')
  const edited = content.kind === 'photo' ? { ...content, isAbove: params.flag('show_caption_above_media') } : content
  return edit(call, editable, { ...edited, caption }, markup)
}
