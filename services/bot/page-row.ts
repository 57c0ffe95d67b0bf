import { button, type Key } from './keyboard.ts'

/** The page that was wanted, or the last one there is; the first is 0. */
export const pageWithin = (wanted: number, count: number, perPage: number): number =>
  Math.min(wanted, lastPage(count, perPage))

export const lastPage = (count: number, perPage: number): number => Math.max(0, Math.ceil(count / perPage) - 1)

type Part = { readonly limit: number; readonly offset: number }

/** The page of a list that was wanted, or its last one: the list may have become shorter since the button was drawn. */
export async function readPage<Read extends { readonly count: number }>(
  list: (part: Part) => Promise<Read>,
  wanted: number,
  perPage: number,
): Promise<Read & { readonly page: number; readonly last: number }> {
  const { count } = await list({ limit: 0, offset: 0 })
  const page = pageWithin(wanted, count, perPage)
  const read = await list({ limit: perPage, offset: page * perPage })
  return { ...read, page, last: lastPage(count, perPage) }
}

/** Back, where one is, and forth; nothing when all is on one page. */
export function pageRow(page: number, last: number, key: (label: string, to: number) => Key): Key[] {
  if (last === 0) return []
  const back = page === 0 ? [] : [key('◀', page - 1)]
  const forth = page === last ? [] : [key('▶', page + 1)]
  return [...back, button(`${page + 1}/${last + 1}`, 'nothing'), ...forth]
}
