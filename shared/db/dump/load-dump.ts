import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { closeConnection } from '../connection.ts'
import { type Database } from '../pool.ts'
import { listTables, named, plainSettings, unhurried } from './dump-database.ts'
import { type DumpedTable, type DumpHeader, type DumpRecord, type DumpSummary } from './dump-record.ts'

/**
 * Loads a dump into a database of the dump's own schema that holds nothing worth keeping: all of it, or, when anything
 * fails, none. Foreign keys are taken away and made again at the end, which checks every row; triggers rest meanwhile.
 */
export async function loadDump(
  db: Database,
  { backup, header, records }: { backup: string; header: DumpHeader; records: AsyncIterable<DumpRecord> },
): Promise<DumpSummary> {
  const client = await db.openConnection('restore', unhurried)
  try {
    await client.query('begin')
    await client.query(plainSettings)
    const tables = await listTables(client)
    await freeTables(client, tables)
    const foreignKeys = await takeForeignKeys(client)
    await client.query(`truncate ${tables.map(({ name }) => quoted(name)).join(', ')}`)
    const loaded = await loadTables(client, records)
    await setSequences(client, header)
    for (const { table, name, definition } of foreignKeys) {
      await client.query(`alter table ${quoted(table)} add constraint ${pg.escapeIdentifier(name)} ${definition}`)
    }
    await bindTables(client, tables)
    await client.query('insert into restores (backup, taken_at) values ($1, $2)', [backup, header.takenAt])
    await client.query('commit')
    return loaded
  } finally {
    await closeConnection(client) // unless it was committed, the server takes everything back
  }
}

const quoted = (name: string): string => `public.${pg.escapeIdentifier(name)}`

/** Copied rows are not news: no trigger may stamp, refuse or balance them one by one. */
async function freeTables(client: pg.ClientBase, tables: readonly DumpedTable[]): Promise<void> {
  for (const { name } of tables) await client.query(`alter table ${quoted(name)} disable trigger user`)
}

async function bindTables(client: pg.ClientBase, tables: readonly DumpedTable[]): Promise<void> {
  for (const { name } of tables) await client.query(`alter table ${quoted(name)} enable trigger user`)
}

type ForeignKey = { readonly table: string; readonly name: string; readonly definition: string }

async function takeForeignKeys(client: pg.ClientBase): Promise<ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(
    `select c.relname::text as "table", k.conname::text as name, pg_get_constraintdef(k.oid) as definition
       from pg_constraint k
       join pg_class c on c.oid = k.conrelid
      where k.contype = 'f'
        and k.connamespace = 'public'::regnamespace
      order by c.relname, k.conname`,
  )
  for (const { table, name } of rows) {
    await client.query(`alter table ${quoted(table)} drop constraint ${pg.escapeIdentifier(name)}`)
  }
  return rows
}

async function loadTables(client: pg.ClientBase, records: AsyncIterable<DumpRecord>): Promise<DumpSummary> {
  const iterator = records[Symbol.asyncIterator]()
  const loaded = { tables: 0, rows: 0 }
  for (;;) {
    const next = await iterator.next()
    if (next.done === true) throw new Error('Expected the end of the dump, got nothing')
    const record = next.value
    if (record.kind === 'end') return check(loaded, record.summary)
    if (record.kind !== 'table') continue
    loaded.tables += 1
    loaded.rows += await loadTable(client, record.table, iterator)
  }
}

async function loadTable(
  client: pg.ClientBase,
  table: DumpedTable,
  records: AsyncIterator<DumpRecord>,
): Promise<number> {
  const expected = { rows: -1 }
  const copy = client.query(copyFrom(`copy ${named(table)} from stdin`))
  await pipeline(Readable.from(rowsUntilEnd(records, expected)), copy)
  if (copy.rowCount !== expected.rows) {
    throw new Error(`Expected ${expected.rows} rows of ${table.name}, got ${copy.rowCount}`)
  }
  return copy.rowCount
}

async function* rowsUntilEnd(records: AsyncIterator<DumpRecord>, expected: { rows: number }): AsyncGenerator<Buffer> {
  for (;;) {
    const next = await records.next()
    if (next.done === true) throw new Error('Expected the end of a table, got the end of the dump')
    if (next.value.kind === 'rows') yield next.value.bytes
    if (next.value.kind !== 'table end') continue
    expected.rows = next.value.rows
    return
  }
}

function check(loaded: DumpSummary, promised: DumpSummary): DumpSummary {
  if (loaded.tables === promised.tables && loaded.rows === promised.rows) return loaded
  throw new Error(`Expected ${promised.rows} rows in ${promised.tables} tables, got ${loaded.rows} in ${loaded.tables}`)
}

/** Numbers given out before the loss are not given out again. */
async function setSequences(client: pg.ClientBase, { sequences }: DumpHeader): Promise<void> {
  for (const { name, last } of sequences) {
    await client.query('select setval($1::regclass, $2::bigint)', [quoted(name), last])
  }
}
