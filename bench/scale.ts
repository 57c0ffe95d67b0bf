import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { pino } from 'pino'
import { startPostgres } from '../sandbox/infra/postgres.ts'
import { listCategories } from '../shared/db/categories.ts'
import { migrate } from '../shared/db/migrate.ts'
import { type Queryable, openPool } from '../shared/db/pool.ts'
import { findStepInCategory, findStepInSearch, findStepInShop, start, type Step } from '../shared/db/product-lists.ts'
import { findProduct } from '../shared/db/products.ts'
import { personId } from '../shared/domain/ids.ts'
import { databaseFromUrl } from '../shared/runtime/settings.ts'
import { percentile } from '../test/faults/chaos/figures.ts'
import { ms, table, timeEach } from './measure.ts'
import { fillProducts, fillShops, wordAt } from './scale/fill.ts'
import { findWholeReads, watch } from './scale/watched.ts'

/** `node bench/scale.ts --sizes 10000,100000,1000000`: how the storefront's questions grow with the number of products. */
const { values } = parseArgs({ options: { sizes: { type: 'string', default: '10000,100000,1000000' } } })
const sizes = values.sizes.split(',').map(Number)
const big = ['products', 'product_files', 'images']
const me = personId(1n)

type Question = { readonly name: string; readonly ask: (db: Queryable, turn: number) => Promise<unknown> }

async function questions(db: pg.Pool): Promise<Question[]> {
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

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'comptoir-bench-'))
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres') })
  const config = databaseFromUrl(postgres.url('comptoir'))
  const db = openPool(config, pino({ enabled: false }), { queryTimeoutMs: 60_000 })
  const maker = new pg.Pool({ connectionString: postgres.url('comptoir') })
  try {
    await postgres.ensureDatabase('comptoir')
    await migrate(config, pino({ enabled: false }))
    await fillShops(maker)
    const figures = new Map<string, string[]>()
    for (const [index, size] of sizes.entries()) {
      await fillProducts(maker, sizes[index - 1] ?? 0, size)
      for (const { name, ask } of await questions(maker)) {
        const watched = watch(db)
        const taken = await timeEach(20, (turn) => ask(watched.db, turn))
        const whole = await findWholeReads(db, watched.asked.slice(0, 5), big)
        const cell = `${ms(percentile(taken, 0.5))} / ${ms(percentile(taken, 0.95))}${whole.length > 0 ? ` reads all ${whole.join(', ')}` : ''}`
        figures.set(name, [...(figures.get(name) ?? []), cell])
        console.error(`${size} ${name}: ${cell}`)
      }
    }
    console.log(
      table(
        ['ms, p50 / p95', ...sizes.map((size) => `${size.toLocaleString('en')} products`)],
        [...figures].map(([name, cells]) => [name, ...cells]),
      ),
    )
  } finally {
    await maker.end()
    await db.end()
    await postgres.remove()
    await rm(folder, { recursive: true, force: true })
  }
}

await main()
