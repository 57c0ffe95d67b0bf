import { type Pool } from 'pg'
import { listCategories } from '../../shared/db/categories.ts'
import { type Database, type Queryable } from '../../shared/db/pool.ts'
import {
  findStepInCategory,
  findStepInSearch,
  findStepInShop,
  start,
  type Step,
} from '../../shared/db/product-lists.ts'
import { findProduct } from '../../shared/db/products.ts'
import { personId } from '../../shared/domain/ids.ts'
import { table } from '../measure.ts'
import { answer, type Answered, inWords, type Question } from './ask.ts'
import { fillProducts, fillShops, wordAt } from './fill.ts'

const me = personId(1n)
const goal = 2

export type Scaled = { readonly table: string; readonly wholeReads: readonly string[] }

/** How the storefront's questions grow with the number of products. */
export async function scaleProducts(db: Database, maker: Pool, sizes: readonly number[]): Promise<Scaled> {
  await fillShops(maker)
  const answers = new Map<string, Answered[]>()
  for (const [index, size] of sizes.entries()) {
    const began = performance.now()
    await fillProducts(maker, sizes[index - 1] ?? 0, size)
    console.error(`${size} products, made in ${((performance.now() - began) / 1000).toFixed(0)} s`)
    for (const question of await questions(maker)) {
      answers.set(question.name, [...(answers.get(question.name) ?? []), await answer(db, question)])
    }
  }
  const rows = [...answers].map(([name, answered]) => [name, ...answered.map(inWords), growth(name, answered)])
  const head = ['ms, p50 / p95', ...sizes.map((size) => `${size.toLocaleString('en')} products`), 'last / first']
  return {
    table: table(head, rows),
    wholeReads: [...answers].flatMap(([name, answered]) => readingAll(name, answered)),
  }
}

const readingAll = (name: string, answered: readonly Answered[]): string[] =>
  answered.flatMap(({ wholeReads }) => wholeReads.map((read) => `${name} reads all ${read}`))

function growth(name: string, answered: readonly Answered[]): string {
  const times = (answered.at(-1)?.p50 ?? Number.NaN) / (answered[0]?.p50 ?? Number.NaN)
  if (!name.startsWith('search')) return times.toFixed(2)
  return `${times.toFixed(2)}, goal ≤ ${goal}: ${times <= goal ? 'met' : 'missed'}`
}

async function questions(db: Pool): Promise<Question[]> {
  const [common, usual, rare, other] = await Promise.all([0, 100, 4_990, 300].map((rank) => wordAt(db, rank)))
  const { rows } = await db.query<{ id: string; code: string; published_at: Date }>(
    `select c.id, p.code from categories c
       join lateral (select code from products where category_id = c.id order by published_at desc offset 500 limit 1) p on true
      order by position limit 1`,
  )
  const [middle] = rows
  if (middle === undefined) throw new Error('Expected a category with products')
  const search =
    (...words: (string | undefined)[]) =>
    (on: Queryable): Promise<Step | undefined> =>
      findStepInSearch(
        on,
        me,
        words.filter((word) => word !== undefined),
        start,
      )
  const category = middle.id as Parameters<typeof findStepInCategory>[2]
  const code = middle.code as Parameters<typeof findProduct>[2]
  return [
    { name: 'categories', ask: (on) => listCategories(on) },
    { name: 'first of a category', ask: (on) => findStepInCategory(on, me, category, start) },
    { name: 'one of a category', ask: (on) => findStepInCategory(on, me, category, { code, position: 501 }) },
    { name: 'a shop', ask: (on) => findStepInShop(on, me, '00000001' as typeof code, start) },
    { name: 'a product page', ask: (on) => findProduct(on, me, code) },
    { name: 'search, a rare word', ask: search(rare) },
    { name: 'search, a usual word', ask: search(usual) },
    { name: 'search, the commonest word', ask: search(common) },
    { name: 'search, two words', ask: search(usual, other) },
    { name: 'search, nothing found', ask: search('qqqzzz') },
  ]
}
