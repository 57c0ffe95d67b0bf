/** A link as Telegram keeps it, or why it is refused. */
export type CheckedLink = { kind: 'link'; url: string } | { kind: 'invalid'; reason: string }

export type LinkRules = { httpsOnly?: boolean; httpOnly?: boolean }

const invalid = (reason: string): CheckedLink => ({ kind: 'invalid', reason })

/** Reads a link the way TDLib does: http is assumed, a host needs a dot, `tg:` links are normalised. */
export function checkLink(link: string, { httpsOnly = false, httpOnly = false }: LinkRules = {}): CheckedLink {
  const special = /^(tg|ton|tonsite):(?:\/\/)?(.*)$/is.exec(link)
  if (special !== null) return checkSpecial(special, httpsOnly, httpOnly)
  const parts = splitUrl(link)
  if (parts === undefined) return invalid('Unsupported URL protocol')
  const { protocol, userinfo, host, port, query } = parts
  if (host === '') return invalid('URL host is empty')
  if (httpsOnly && protocol !== 'https') return invalid('Only HTTPS links are allowed')
  if (!host.includes('.') && !host.startsWith('[')) return invalid('Wrong HTTP URL')
  if (/[\s<>"^`{|}\\%]/.test(host)) return invalid('Wrong HTTP URL')
  return { kind: 'link', url: `${protocol}://${userinfo}${host}${port}${query}` }
}

function checkSpecial(match: RegExpExecArray, httpsOnly: boolean, httpOnly: boolean): CheckedLink {
  const [, scheme = '', rest = ''] = match
  if (httpsOnly) return invalid('Only HTTPS links are allowed')
  if (httpOnly) return invalid('Only HTTP links are allowed')
  const [, host = '', query = ''] = /^([^/?#]*)(.*)$/s.exec(rest) ?? []
  if (!/^[\w-]+$/.test(host) && !(scheme.toLowerCase() === 'tonsite' && /^[\w.-]+$/.test(host))) {
    return invalid(host === '' ? 'URL host is empty' : 'Unallowed characters in URL host')
  }
  return { kind: 'link', url: `${scheme.toLowerCase()}://${host}${query}` }
}

function splitUrl(link: string) {
  const match = /^(?:([^/?#:@]*):\/\/)?((?:[^/?#@]*@)?)(\[[^\]]*\]|[^/?#:]*)((?::\d{1,5})?)(.*)$/s.exec(link)
  if (match === null) return undefined
  const [, scheme = 'http', userinfo = '', host = '', port = '', rest = ''] = match
  const protocol = scheme.toLowerCase()
  if (protocol !== 'http' && protocol !== 'https') return undefined
  if (rest !== '' && !/^[/?#]/.test(rest)) return undefined
  const query = rest.startsWith('/') ? rest : `/${rest}`
  const path = query.replace(/[\x00-\x20]/g, (byte) => encodeURIComponent(byte))
  return { protocol, userinfo, host: host.toLowerCase(), port, query: path }
}

/** The user a `tg://user?id=…` link mentions. */
export function linkedUser(link: string): number | undefined {
  const match = /^tg:(?:\/\/)?user\/?\?(?:[^#]*&)?id=(\d{1,18})(?:[&#]|$)/i.exec(link)
  const id = Number(match?.[1] ?? 0)
  return Number.isSafeInteger(id) && id > 0 ? id : undefined
}

/** The custom emoji a `tg://emoji?id=…` link names. */
export function linkedEmoji(link: string): string | undefined {
  return /^tg:(?:\/\/)?emoji\/?\?(?:[^#]*&)?id=([1-9]\d{0,18})(?:[&#]|$)/i.exec(link)?.[1]
}

/** The moment a `tg://time?unix=…&format=…` link names. */
export function linkedTime(link: string): { unix: number; format: string } | undefined {
  const query = /^tg:(?:\/\/)?time\/?\?([^#]*)/i.exec(link)?.[1]
  if (query === undefined) return undefined
  const params = new URLSearchParams(query)
  const unix = Number(params.get('unix') ?? 0)
  return Number.isSafeInteger(unix) && unix > 0 ? { unix, format: params.get('format') ?? '' } : undefined
}
