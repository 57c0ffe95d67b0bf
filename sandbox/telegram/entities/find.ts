import { type Entity } from '../bot-api.ts'

const word = '[\\p{L}\\p{N}_]'
const hashLetter = '[\\p{L}\\p{Nd}_\\u200c\\u00b7\\u0d80-\\u0dff]'
const topLevel =
  'com|org|net|io|me|app|dev|info|biz|xyz|shop|store|online|site|co|ru|fr|de|uk|es|it|nl|eu|us|ch|be|pl|ua|ca|jp|cn|br|in|ai|tv|to|gg|ly'
const host = '(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?\\.)+'
const afterHost = '(?::\\d{1,5})?(?:[/?#][^\\s<>"«»“”]*)?'

const patterns: readonly (readonly [type: string, pattern: RegExp])[] = [
  ['mention', new RegExp(`(?<!${word})@(?:[a-zA-Z0-9_]{4,32}|gif|nft|pic|ufc|vid)(?!${word})`, 'gu')],
  [
    'bot_command',
    new RegExp(
      `(?<!${word}|[/<>])/[a-zA-Z0-9_]{1,64}(?![a-zA-Z0-9_])(?:@[a-zA-Z0-9_]{3,32}|(?!@))(?!${word}|[/<>])`,
      'gu',
    ),
  ],
  ['hashtag', new RegExp(`(?<!${hashLetter})#(?=${hashLetter}*\\p{L})${hashLetter}{1,256}(?!${hashLetter}|#)`, 'gu')],
  ['cashtag', new RegExp(`(?<!${hashLetter}|\\$)\\$(?:1INCH|[A-Z]{1,8})(?!${hashLetter}|\\$)`, 'gu')],
  ['email', new RegExp(`(?<![\\p{L}\\p{N}_.+-])[a-zA-Z0-9_.+-]+@${host}(?:${topLevel})(?!${word})`, 'giu')],
  ['url', new RegExp(`(?<!${word}|@)https?://(?:${host}[\\p{L}]{2,24}|\\d{1,3}(?:\\.\\d{1,3}){3})${afterHost}`, 'giu')],
  ['url', new RegExp(`(?<!${word}|[@./])${host}(?:${topLevel})(?!${word}|@)${afterHost}`, 'giu')],
]

const continuous = new Set(['code', 'pre', 'text_link', 'text_mention', 'custom_emoji', 'date_time'])

/** Finds what clients highlight by themselves: mentions, commands, hashtags, cashtags, links, addresses. */
export function findEntities(text: string, given: Entity[]): Entity[] {
  const taken = given.filter(({ type }) => continuous.has(type))
  const found: Entity[] = []
  for (const [type, pattern] of patterns) {
    for (const match of text.matchAll(pattern)) {
      const value = type === 'url' ? withoutTrailingPunctuation(match[0]) : match[0]
      const entity = { type, offset: match.index, length: value.length }
      if (![...taken, ...found].some((other) => overlaps(entity, other))) found.push(entity)
    }
  }
  return found
}

/** A sentence may end right after a link, and a link may stand in brackets. */
function withoutTrailingPunctuation(url: string): string {
  let value = url
  for (;;) {
    const last = value.at(-1) ?? ''
    const opener = { ')': '(', ']': '[', '}': '{' }[last]
    const isUnbalanced = opener !== undefined && value.split(last).length > value.split(opener).length
    if (!isUnbalanced && !/[.,:;!?'`"]/.test(last)) return value
    value = value.slice(0, -1)
  }
}

const overlaps = (a: Entity, b: Entity) => a.offset < b.offset + b.length && b.offset < a.offset + a.length
