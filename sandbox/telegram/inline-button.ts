import { type InlineButton } from './bot-api.ts'
import { checkLink, type LinkRules } from './entities/links.ts'
import { badRequest } from './errors.ts'
import { type JsonObject, optionalFlag, optionalText, requiredObject, requiredText, ShapeError } from './json.ts'

type Action = Partial<InlineButton>

/** What pressing the button does: the first of the known fields wins, as on the server. */
export function readInlineAction(button: JsonObject): Action {
  const url = optionalText(button, 'url')
  if (url !== '') return { url: checkedUrl(url, '') }
  const data = optionalText(button, 'callback_data')
  if (data !== '') return { callback_data: data }
  const action = readSwitch(button) ?? readSite(button)
  if (action !== undefined) return action
  if (button['callback_game'] !== undefined || button['pay'] !== undefined) {
    throw badRequest('Games and payments are not emulated')
  }
  throw new ShapeError('Text buttons are unallowed in the inline keyboard')
}

function readSwitch(button: JsonObject): Action | undefined {
  for (const name of ['switch_inline_query', 'switch_inline_query_current_chat'] as const) {
    if (button[name] !== undefined) return { [name]: requiredText(button, name) }
  }
  if (button['switch_inline_query_chosen_chat'] === undefined) return undefined
  const chosen = requiredObject(button, 'switch_inline_query_chosen_chat')
  const names = ['allow_user_chats', 'allow_bot_chats', 'allow_group_chats', 'allow_channel_chats'] as const
  const allowed = names.filter((name) => optionalFlag(chosen, name)).map((name) => [name, true] as const)
  const query = optionalText(chosen, 'query')
  return { switch_inline_query_chosen_chat: { query, ...Object.fromEntries(allowed) } }
}

function readSite(button: JsonObject): Action | undefined {
  const https = { httpOnly: true, httpsOnly: true }
  if (button['login_url'] !== undefined) {
    const url = requiredText(requiredObject(button, 'login_url'), 'url')
    return { login_url: { url: checkedUrl(url, 'login ', https) } }
  }
  if (button['web_app'] !== undefined) {
    const url = requiredText(requiredObject(button, 'web_app'), 'url')
    return { web_app: { url: checkedUrl(url, 'Web App ', https) } }
  }
  if (button['copy_text'] === undefined) return undefined
  return { copy_text: { text: requiredText(requiredObject(button, 'copy_text'), 'text') } }
}

function checkedUrl(url: string, which: string, rules: LinkRules = {}): string {
  const checked = checkLink(url, rules)
  if (checked.kind === 'link') return checked.url
  throw badRequest(`Inline keyboard button ${which}URL '${url}' is invalid: ${checked.reason}`)
}
