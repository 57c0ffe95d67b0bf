import { button, type Key } from '../keyboard.ts'

/** Back, where one is, and forth; nothing when all is on one page. */
export function pageRow(page: number, last: number, key: (label: string, to: number) => Key): Key[] {
  if (last === 0) return []
  const back = page === 0 ? [] : [key('◀', page - 1)]
  const forth = page === last ? [] : [key('▶', page + 1)]
  return [...back, button(`${page + 1}/${last + 1}`, 'nothing'), ...forth]
}
