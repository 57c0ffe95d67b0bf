import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { pino } from 'pino'
import { type Closing } from '../sandbox/infra/closing.ts'
import { startPostgres } from '../sandbox/infra/postgres.ts'
import { migrate } from '../shared/db/migrate.ts'
import { openPool } from '../shared/db/pool.ts'
import { databaseFromUrl } from '../shared/runtime/settings.ts'
import { openClosing } from './ending.ts'
import { machine, writeReport } from './report.ts'
import { scaleOrders } from './scale/orders.ts'
import { scaleProducts } from './scale/products.ts'

/**
 * `npm run bench:scale -- --sizes 10000,100000,1000000 --orders 1000000`: what is asked again and again, in a shop that grows.
 * Fails when one of these questions reads a big table from one end to the other. `--report docs/performance.md` writes the
 * tables into the document.
 */
const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000,100000,1000000' },
    orders: { type: 'string', default: '1000000' },
    report: { type: 'string' },
  },
})
const quiet = pino({ enabled: false })

async function main(closing: Closing): Promise<readonly string[]> {
  const folder = closing.add(await mkdtemp(join(tmpdir(), 'comptoir-bench-')), (path) =>
    rm(path, { recursive: true, force: true }),
  )
  const postgres = closing.add(await startPostgres({ dataDir: join(folder, 'postgres') }), (server) => server.remove())
  await postgres.ensureDatabase('comptoir')
  const config = databaseFromUrl(postgres.url('comptoir'))
  await migrate(config, quiet)
  const db = closing.add(openPool(config, quiet, { queryTimeoutMs: 60_000 }), (pool) => pool.end())
  const maker = closing.add(new pg.Pool({ connectionString: postgres.url('comptoir') }), (pool) => pool.end())
  maker.on('error', () => undefined) // the server's own stop may cut what is just being closed
  const products = await scaleProducts(db, maker, values.sizes.split(',').map(Number))
  const orders = await scaleOrders(db, maker, Number(values.orders), folder)
  const report = `${machine()} · \`npm run bench:scale\`\n\n${products.table}\n\n${orders.table}`
  console.log(report)
  const { rows } = await maker.query<{ size: string }>(
    'select pg_size_pretty(pg_database_size(current_database())) as "size"',
  )
  console.error(`The database has ${rows[0]?.size ?? ''}.`)
  if (values.report !== undefined) await writeReport(values.report, 'scale', report)
  return [...products.wholeReads, ...orders.wholeReads]
}

const closing = openClosing()
const wholeReads = await main(closing).finally(() => closing.close())
for (const read of wholeReads) console.error(`A question that must not grow with the shop: ${read}`)
process.exit(wholeReads.length === 0 ? 0 : 1)
