/** @typedef {{ username: string, start?: string }} BotLink */

const hosts = new Set(['t.me', 'www.t.me', 'telegram.me', 'telegram.dog'])
const payload = /^[\w-]{1,64}$/

/**
 * What a link to a bot asks for, or `undefined` for every other link.
 * @param {string} href
 * @returns {BotLink | undefined}
 */
export function readBotLink(href) {
  if (!URL.canParse(href)) return undefined
  const url = new URL(href)
  const username = botOf(url)
  if (username === undefined || !/^\w{3,32}$/.test(username)) return undefined
  const start = url.searchParams.get('start')
  return start !== null && payload.test(start) ? { username, start } : { username }
}

/** @param {URL} url */
function botOf(url) {
  if (url.protocol === 'tg:') {
    return url.hostname === 'resolve' ? (url.searchParams.get('domain') ?? undefined) : undefined
  }
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:'
  return isWeb && hosts.has(url.hostname) ? url.pathname.replace(/^\/|\/$/g, '') : undefined
}

/**
 * What a link of the kind `t.me/share/url` wants to hand on, or `undefined` for every other link.
 * @param {string} href
 * @returns {{ url: string, text: string } | undefined}
 */
export function readShareLink(href) {
  if (!URL.canParse(href)) return undefined
  const { hostname, pathname, searchParams } = new URL(href)
  const url = searchParams.get('url')
  const isShare = hosts.has(hostname) && /^\/(?:share\/url|share|msg_url)\/?$/.test(pathname)
  return isShare && url !== null ? { url, text: searchParams.get('text') ?? '' } : undefined
}

/**
 * What the page's own address asks for: who to be, which bot, and a payload for its start.
 * @param {string} href
 */
export function readPageAddress(href) {
  const { searchParams } = new URL(href)
  const start = searchParams.get('start')
  return {
    personId: Number(searchParams.get('person') ?? Number.NaN),
    username: searchParams.get('bot') ?? undefined,
    start: start !== null && payload.test(start) ? start : undefined,
  }
}
