const named: Record<string, number> = { lt: 0x3c, gt: 0x3e, amp: 0x26, quot: 0x22 }

/** A character reference at `source[at] === '&'`; undefined when the text stays as it is. */
export function readReference(source: string, at: number): { code: number; end: number } | undefined {
  const match = /^&(?:#x([0-9a-f]*)|#(\d*)|([a-z]*))/i.exec(source.slice(at, at + 64))
  if (match === null) return undefined
  const [whole, hex, decimal, name] = match
  const code = name === undefined ? numeric(whole, hex, decimal) : named[name]
  if (code === undefined) return undefined
  const end = at + whole.length
  return { code, end: source[end] === ';' ? end + 1 : end }
}

function numeric(whole: string, hex: string | undefined, decimal: string | undefined): number | undefined {
  if (whole.startsWith('&#X') || whole.length >= 10) return undefined
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex || '0', 16)
  return code === 0 || code >= 0x10ffff ? undefined : code
}
