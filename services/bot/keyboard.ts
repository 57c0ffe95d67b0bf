import { type Action, type ArgumentList, buttonData } from './buttons.ts'

export type KeyStyle = 'primary' | 'success' | 'danger'

/** One button under a message, as the Bot API takes it. */
export type Key =
  | { readonly text: string; readonly callback_data: string; readonly style?: KeyStyle }
  | { readonly text: string; readonly url: string }
  | { readonly text: string; readonly copy_text: { readonly text: string } }

export type Keyboard = readonly (readonly Key[])[]

/** A button that does something: `button(texts.home.browse, 'categories')`. */
export const button = <A extends Action>(text: string, action: A, ...args: ArgumentList<A>): Key => ({
  text,
  callback_data: buttonData(action, ...args),
})

/** The same button in green, red or blue, where the client knows colours. */
export const styled = (key: Key, style: KeyStyle): Key => ('callback_data' in key ? { ...key, style } : key)

export const linkButton = (text: string, url: string): Key => ({ text, url })

/** A button that puts `copied` (1 to 256 characters) into the clipboard. */
export const copyButton = (text: string, copied: string): Key => ({ text, copy_text: { text: copied } })

/** The keyboard as `reply_markup`; rows without buttons are left out, as Telegram refuses them. */
export const replyMarkup = (keyboard: Keyboard): { inline_keyboard: Keyboard } => ({
  inline_keyboard: keyboard.filter((row) => row.length > 0),
})
