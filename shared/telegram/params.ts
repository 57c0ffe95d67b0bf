/** The parameters of a method, as the Bot API names them. */
export type Params = Readonly<Record<string, unknown>>

const withNumbers = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? exactNumber(value) : value)

function exactNumber(value: bigint): number {
  if (!Number.isSafeInteger(Number(value))) throw new RangeError(`Expected an id below 2^53, got ${value}`)
  return Number(value)
}

/** Telegram reads a top-level null as the text `null`: what has no value is left out. */
const given = (params: Params): [string, unknown][] =>
  Object.entries(params).filter(([, value]) => value !== undefined && value !== null)

/** A JSON request. */
export function jsonBody(params: Params): { contentType: string; contentLength: number; body: Uint8Array } {
  const body = Buffer.from(JSON.stringify(Object.fromEntries(given(params)), withNumbers))
  return { contentType: 'application/json', contentLength: body.length, body }
}

/** The same parameters as form fields: whatever is not plain text travels as JSON. */
export const formFields = (params: Params): [string, string][] =>
  given(params).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value, withNumbers)])
