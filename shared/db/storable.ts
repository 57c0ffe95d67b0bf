/** Text as PostgreSQL keeps it: neither a zero character nor half a surrogate pair. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\ufffd')

/** JSON whose texts PostgreSQL keeps, names of fields included. */
export const storableJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? storableText(part) : storableKeys(part)))

function storableKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value)
  if (entries.every(([key]) => storableText(key) === key)) return value
  return Object.fromEntries(entries.map(([key, part]) => [storableText(key), part]))
}
