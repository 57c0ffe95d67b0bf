import { BotApiError } from '../errors.ts'
import { type Call, type Method } from '../world.ts'
import { answerCallbackQuery } from './answer-callback-query.ts'
import { copyMessage, copyMessages, forwardMessage, forwardMessages } from './copy-message.ts'
import { deleteMessage, deleteMessages } from './delete-message.ts'
import { editMessageCaption } from './edit-message-caption.ts'
import { editMessageMedia } from './edit-message-media.ts'
import { editMessageReplyMarkup } from './edit-message-reply-markup.ts'
import { editMessageText } from './edit-message-text.ts'
import { getChat, getChatAdministrators, getChatMember, getChatMemberCount } from './get-chat.ts'
import { getFile } from './get-file.ts'
import { close, getMe, logOut } from './get-me.ts'
import { getUpdates } from './get-updates.ts'
import { getChatMenuButton, setChatMenuButton } from './menu-button.ts'
import { deleteMyCommands, getMyCommands, setMyCommands } from './my-commands.ts'
import {
  getMyDescription,
  getMyName,
  getMyShortDescription,
  setMyDescription,
  setMyName,
  setMyShortDescription,
} from './my-profile.ts'
import { sendChatAction } from './send-chat-action.ts'
import { sendDocument } from './send-document.ts'
import { sendMediaGroup } from './send-media-group.ts'
import { sendMessage } from './send-message.ts'
import { sendPhoto } from './send-photo.ts'
import { deleteWebhook, getWebhookInfo, setWebhook } from './webhook.ts'
import { notEmulated } from './not-emulated.ts'

const emulated: Record<string, Method> = {
  getUpdates,
  setWebhook,
  deleteWebhook,
  getWebhookInfo,
  getMe,
  logOut,
  close,
  sendMessage,
  forwardMessage,
  forwardMessages,
  copyMessage,
  copyMessages,
  sendPhoto,
  sendDocument,
  sendMediaGroup,
  sendChatAction,
  getFile,
  getChat,
  getChatAdministrators,
  getChatMemberCount,
  getChatMember,
  answerCallbackQuery,
  setMyCommands,
  deleteMyCommands,
  getMyCommands,
  setMyName,
  getMyName,
  setMyDescription,
  getMyDescription,
  setMyShortDescription,
  getMyShortDescription,
  setChatMenuButton,
  getChatMenuButton,
  editMessageText,
  editMessageCaption,
  editMessageMedia,
  editMessageReplyMarkup,
  deleteMessage,
  deleteMessages,
}

const byLowerCase = new Map(Object.entries(emulated).map(([name, method]) => [name.toLowerCase(), method]))
const known = new Map(notEmulated.map((name) => [name.toLowerCase(), name]))

/** Runs a method by its name in lower case, or refuses as the server does with a method it does not know. */
export async function runMethod(call: Call): Promise<unknown> {
  const method = byLowerCase.get(call.method)
  if (method !== undefined) return await method(call)
  const name = known.get(call.method)
  if (name === undefined) throw new BotApiError(404, 'Not Found: method not found')
  throw new BotApiError(501, `Not Implemented: ${name} is not emulated`)
}

/** The name as the documentation writes it, for the transcript. */
export function properName(method: string): string {
  return Object.keys(emulated).find((name) => name.toLowerCase() === method) ?? known.get(method) ?? method
}
