import { type InlineButton } from './bot-api.ts'
import { countCharacters } from './entities/text.ts'
import { cleanText } from './entities/clean.ts'
import { badRequest } from './errors.ts'
import { readInlineAction } from './inline-button.ts'
import {
  isObject,
  type JsonObject,
  optionalArray,
  optionalFlag,
  optionalText,
  parsing,
  requiredText,
  ShapeError,
} from './json.ts'
import { type Params } from './params.ts'

/** A keyboard, checked. Only inline keyboards are part of their message. */
export type ReplyMarkup =
  | { kind: 'inline'; rows: InlineButton[][] }
  | { kind: 'keyboard'; rows: KeyboardButton[][]; resize: boolean; oneTime: boolean; placeholder: string }
  | { kind: 'remove' }
  | { kind: 'force_reply'; placeholder: string }

export type KeyboardButton = { text: string; style?: string | undefined }

const maxButtons = 100
const maxButtonsInRow = 8
const maxKeyboardBytes = 10_000

/** The `reply_markup` of a call that sends. */
export function readReplyMarkup(params: Params): ReplyMarkup | undefined {
  const value = params.json('reply_markup', 'reply keyboard markup')
  if (value === undefined) return undefined
  if (!isObject(value)) throw badRequest('Object expected as reply markup')
  const rows = readRows(value, 'keyboard', readKeyboardButton)
  if (rows.length > 0) return { kind: 'keyboard', rows, ...keyboardOptions(value) }
  const inlineRows = readRows(value, 'inline_keyboard', readInlineButton)
  if (inlineRows.length > 0) return checkInlineSize({ kind: 'inline', rows: inlineRows })
  if (optionalFlag(value, 'remove_keyboard') || optionalFlag(value, 'hide_keyboard')) return { kind: 'remove' }
  if (!optionalFlag(value, 'force_reply')) return undefined
  return { kind: 'force_reply', placeholder: optionalText(value, 'input_field_placeholder') }
}

/** The `reply_markup` of an edit; messages can only be edited to have an inline keyboard. */
export function readInlineKeyboard(params: Params): ReplyMarkup | undefined {
  const markup = readReplyMarkup(params)
  if (markup !== undefined && markup.kind !== 'inline') throw badRequest('Inline keyboard expected')
  return markup
}

function keyboardOptions(value: JsonObject) {
  return {
    resize: optionalFlag(value, 'resize_keyboard'),
    oneTime: optionalFlag(value, 'one_time_keyboard'),
    placeholder: optionalText(value, 'input_field_placeholder'),
  }
}

function readRows<T>(value: JsonObject, field: string, readButton: (button: unknown) => T): T[][] {
  const name = field === 'keyboard' ? '"keyboard"' : '"inline_keyboard" of the InlineKeyboardMarkup'
  const part = field === 'keyboard' ? 'keyboard button' : 'inline keyboard button'
  return optionalArray(value, field)
    .map((row) => {
      if (!Array.isArray(row)) throw badRequest(`Field ${name} must be an Array of Arrays`)
      return row.map((button: unknown) => parsing(part, () => readButton(button)))
    })
    .filter((row) => row.length > 0)
}

function readKeyboardButton(value: unknown): KeyboardButton {
  if (typeof value === 'string') return { text: checkText(value, 'Keyboard') }
  if (!isObject(value)) throw new ShapeError('KeyboardButton must be a String or an Object')
  const text = requiredText(value, 'text')
  return { text: checkText(text, 'Keyboard'), style: readStyle(value) }
}

function readInlineButton(value: unknown): InlineButton {
  if (!isObject(value)) throw new ShapeError('InlineKeyboardButton must be an Object')
  const text = requiredText(value, 'text')
  const icon = optionalText(value, 'icon_custom_emoji_id') || undefined
  const style = readStyle(value)
  const action = readInlineAction(value)
  checkAction(action)
  return { text: checkText(text, 'Inline keyboard'), icon_custom_emoji_id: icon, style, ...action }
}

function readStyle(value: JsonObject): string | undefined {
  const style = optionalText(value, 'style').toLowerCase()
  if (style === '' || style === 'default') return undefined
  if (!['primary', 'danger', 'success'].includes(style)) throw new ShapeError('invalid button style specified')
  return style
}

function checkText(text: string, which: string): string {
  if (!text.isWellFormed()) throw badRequest(`${which} button text must be encoded in UTF-8`)
  const clean = cleanText(text)
  if (clean === '') throw badRequest(`${which} button text must be non-empty`)
  return clean
}

function checkAction({ callback_data: data, copy_text: copy }: Partial<InlineButton>): void {
  if (data !== undefined && Buffer.byteLength(data) > 64) throw badRequest('BUTTON_DATA_INVALID')
  if (copy === undefined) return
  const length = countCharacters(copy.text)
  if (length < 1 || length > 256) throw badRequest('BUTTON_COPY_TEXT_INVALID')
}

function checkInlineSize(markup: ReplyMarkup & { kind: 'inline' }): ReplyMarkup {
  const isTooLarge =
    markup.rows.flat().length > maxButtons ||
    markup.rows.some((row) => row.length > maxButtonsInRow) ||
    Buffer.byteLength(JSON.stringify(markup.rows)) > maxKeyboardBytes
  if (isTooLarge) throw badRequest('reply markup is too long')
  return markup
}
