import { readInlineKeyboard } from '../reply-markup.ts'
import { type Method } from '../world.ts'
import { edit, findEditable } from './editing.ts'

export const editMessageReplyMarkup: Method = (call) => {
  const markup = readInlineKeyboard(call.params)
  const editable = findEditable(call)
  return edit(call, editable, editable.message.content, markup)
}
