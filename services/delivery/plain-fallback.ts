import { isRefused } from '../../shared/telegram/errors.ts'
import { type Html } from '../../shared/telegram/html.ts'

/** A text as it is sent, with or without markup. */
export type Said = { readonly text: string; readonly parse_mode?: 'HTML' }

/** Markup that Telegram rejects must not stop a delivery: the same words are sent without it. */
export async function withPlainFallback<T>(text: Html, send: (said: Said) => Promise<T>): Promise<T> {
  try {
    return await send({ text, parse_mode: 'HTML' })
  } catch (error) {
    if (!isRefused(error, 'bad markup')) throw error
    return send({ text: plainText(text) })
  }
}

const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' }

export const plainText = (markup: Html): string =>
  markup.replaceAll(/<[^>]*>/g, '').replaceAll(/&(?:lt|gt|quot|amp);/g, (entity) => entities[entity] ?? entity)
