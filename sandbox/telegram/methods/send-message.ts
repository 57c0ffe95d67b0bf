import { type LinkPreviewOptions } from '../bot-api.ts'
import { readMessageText } from '../entities.ts'
import { badRequest } from '../errors.ts'
import { isObject, optionalFlag, optionalText } from '../json.ts'
import { type Content } from '../messages.ts'
import { type Params } from '../params.ts'
import { type Method } from '../world.ts'
import { deliver, readEnvelope } from './sending.ts'

export const sendMessage: Method = (call) => {
  const content = textContent(call.params)
  return deliver(call, readEnvelope(call), content)
}

/** The text of a call with its formatting and how its link is previewed. */
export function textContent(params: Params): Content & { kind: 'text' } {
  const linkPreview = readLinkPreview(params)
  const entities = params.entities('entities')
  const { text, entities: found } = readMessageText({
    text: params.text('text'),
    parseMode: params.text('parse_mode'),
    entities,
  })
  return { kind: 'text', text, entities: found, linkPreview }
}

function readLinkPreview(params: Params): LinkPreviewOptions | undefined {
  const value = params.json('link_preview_options', 'link preview options')
  if (value === undefined) return params.flag('disable_web_page_preview') ? { is_disabled: true } : undefined
  if (!isObject(value)) throw badRequest('Object expected as link preview options')
  const flag = (name: string) => (optionalFlag(value, name) ? true : undefined)
  const options: LinkPreviewOptions = {
    is_disabled: flag('is_disabled'),
    url: optionalText(value, 'url') || undefined,
    prefer_small_media: flag('prefer_small_media'),
    prefer_large_media: flag('prefer_large_media'),
    show_above_text: flag('show_above_text'),
  }
  return Object.values(options).some((option) => option !== undefined) ? options : undefined
}
