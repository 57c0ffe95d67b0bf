import { badRequest } from '../errors.ts'
import { readInlineKeyboard } from '../reply-markup.ts'
import { type Method } from '../world.ts'
import { edit, findEditable } from './editing.ts'
import { textContent } from './send-message.ts'

export const editMessageText: Method = (call) => {
  const content = textContent(call.params)
  const markup = readInlineKeyboard(call.params)
  const editable = findEditable(call)
  if (editable.message.content.kind !== 'text') throw badRequest('There is no text in the message to edit')
  return edit(call, editable, content, markup)
}
