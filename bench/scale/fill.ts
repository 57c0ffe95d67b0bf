import { type Pool } from 'pg'

export const sellers = 10_000
const words = 5_000

/** Words, people and shops that products are made of, the same in every run. */
export async function fillShops(db: Pool): Promise<void> {
  await db.query(`create table bench_words as
    select n, (array['ba','co','di','fe','gu','ha','jo','ka','li','mo','ne','pu','ra','so','ti','ve','wi','xa','yo','zu'])[1 + n % 20]
           || (array['ban','cor','dis','fel','gur','han','jon','kal','lim','mor','net','pul','ras','son','tin','ver','win','xan','yol','zur'])[1 + (n / 20) % 20]
           || (array['a','er','io','ent','ure','ic','ode','ist','al','um','ing','age','on'])[1 + (n / 400) % 13] as word
      from generate_series(0, ${words - 1}) n`)
  await db.query('create unique index on bench_words (n) include (word)')
  await db.query(`insert into users (id, language) select n, 'en' from generate_series(1, ${sellers}) n`)
  await db.query(
    `insert into sellers (user_id, code, display_name) select n, ${code('n')}, 'Seller ' || n from generate_series(1, ${sellers}) n`,
  )
  await db.query('vacuum analyze users, sellers, bench_words')
}

/**
 * Products number `from` up to and without `to`, each on sale with a verified file. Words follow a steep curve, as they do:
 * the first is in most texts, the last in few of a million.
 */
export async function fillProducts(db: Pool, from: number, to: number): Promise<void> {
  const client = await db.connect()
  try {
    await client.query('begin')
    await client.query('set local session_replication_role = replica') // else a million calls of the triggers of one row
    const { rows } = await client.query<{ name: string; definition: string }>(
      `select indexname as name, indexdef as definition from pg_indexes where tablename = 'products' and indexdef like '%gin%'`,
    )
    for (const { name } of rows) await client.query(`drop index ${name}`)
    await client.query(`select setseed(0.5)`)
    await client.query(insertProducts, [from, to - 1])
    await client.query(insertFiles, [from, to - 1])
    for (const { definition } of rows) await client.query(definition)
    await client.query('commit')
  } finally {
    client.release()
  }
  await db.query('vacuum analyze products, product_files')
}

/** A word of this rank: 0 is the most common. */
export async function wordAt(db: Pool, rank: number): Promise<string> {
  const { rows } = await db.query<{ word: string }>('select word from bench_words where n = $1', [rank])
  return rows[0]?.word ?? ''
}

const code = (n: string): string => `lpad(upper(to_hex(${n})), 8, '0')`
export const id = (kind: string, n: string): string => `md5('${kind} ' || ${n})::uuid`

const text = (count: number): string => `
  lateral (select string_agg(word, ' ') as text
             from (select floor(${words} * power(random() + 0 * n, 3))::int as pick from generate_series(1, ${count})) picked
             join bench_words b on b.n = picked.pick)`

const insertProducts = `
  insert into products (id, code, seller_id, category_id, title, description, price_cents, status, current_file_id, sales, views,
                        published_at)
  select ${id('product', 'n')}, ${code('n')}, 1 + n % ${sellers}, (array(select id from categories order by position))[1 + n % 8],
         initcap(title.text), description.text, 999 + n % 10000, 'active', ${id('file', 'n')},
         floor(1000 * power(random(), 12)), floor(5000 * power(random(), 6)), now() - n * interval '7 seconds'
    from generate_series($1::int, $2::int) n, ${text(4)} title, ${text(25)} description`

const insertFiles = `
  insert into product_files (id, product_id, number, object_key, file_name, size_bytes, sha256, content_type, kind, state, checked_at)
  select ${id('file', 'n')}, ${id('product', 'n')}, 1, 'originals/bench/' || n, 'file.pdf', 1000000, repeat('0', 64),
         'application/pdf', 'document', 'ready', now()
    from generate_series($1::int, $2::int) n`
