import { type Readable } from 'node:stream'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { closeConnection } from '../connection.ts'
import { migrationsTable } from '../migrate.ts'
import { type Database } from '../pool.ts'
import { type DumpedTable, type DumpHeader, type DumpRecord } from './dump-record.ts'

const pieceBytes = 64 * 1024

/** A dump may take long, and is read as fast as it can be written away. */
export const unhurried: pg.ClientConfig = {
  statement_timeout: false,
  query_timeout: 0,
  idle_in_transaction_session_timeout: 0,
}

/** Every table as it was at one moment, in one read-only transaction: nobody waits for it, and nothing is held in memory. */
export async function* dumpDatabase(db: Database): AsyncGenerator<DumpRecord> {
  const client = await db.openConnection('backup', unhurried)
  try {
    await client.query('begin isolation level repeatable read, read only')
    await client.query(plainSettings)
    const tables = await listTables(client)
    yield { kind: 'header', header: await readHeader(client) }
    let rows = 0
    for (const table of tables) {
      yield { kind: 'table', table }
      const copy = client.query(copyTo(`copy ${named(table)} to stdout`))
      yield* rowsOf(copy)
      yield { kind: 'table end', rows: copy.rowCount }
      rows += copy.rowCount
    }
    await client.query('commit')
    yield { kind: 'end', summary: { tables: tables.length, rows } }
  } finally {
    await closeConnection(client)
  }
}

/** What is written must read the same on any server, whatever its settings. */
export const plainSettings = `
  set local client_encoding = 'UTF8';
  set local timezone = 'UTC';
  set local datestyle = 'ISO, YMD';
  set local intervalstyle = 'postgres';
  set local extra_float_digits = 3;
  set local search_path = public`

const quoted = (name: string): string => pg.escapeIdentifier(name)

export const named = ({ name, columns }: DumpedTable): string =>
  `public.${quoted(name)} (${columns.map(quoted).join(', ')})`

/** COPY gives a row at a time; fewer and larger pieces cost less on the way. */
async function* rowsOf(copy: Readable): AsyncGenerator<DumpRecord> {
  let parts: Buffer[] = []
  let size = 0
  for await (const part of copy as AsyncIterable<Buffer>) {
    parts.push(part)
    size += part.length
    if (size < pieceBytes) continue
    yield { kind: 'rows', bytes: Buffer.concat(parts) }
    parts = []
    size = 0
  }
  if (size > 0) yield { kind: 'rows', bytes: Buffer.concat(parts) }
}

/** The tables of the shop, those of extensions and the list of migrations left out. */
export async function listTables(client: pg.ClientBase): Promise<DumpedTable[]> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select c.relname::text as name, array_agg(a.attname::text order by a.attnum) as columns
       from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      where c.relnamespace = 'public'::regnamespace
        and c.relkind = 'r'
        and c.relname <> $1
        and not exists (select from pg_depend d
                         where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
      group by c.relname
      order by c.relname`,
    [migrationsTable],
  )
  return rows
}

async function readHeader(client: pg.ClientBase): Promise<DumpHeader> {
  const moment = await client.query<{ at: Date }>('select clock_timestamp() as at')
  const migrations = await client.query<{ name: string }>(`select name from ${migrationsTable} order by name`)
  const sequences = await client.query<{ name: string; last: string }>(
    `select sequencename::text as name, last_value::text as last
       from pg_sequences
      where schemaname = 'public'
        and last_value is not null
        and not starts_with(sequencename::text, $1)
      order by sequencename`,
    [migrationsTable],
  )
  return {
    takenAt: (moment.rows[0]?.at ?? new Date()).toISOString(),
    migrations: migrations.rows.map(({ name }) => name),
    sequences: sequences.rows,
  }
}
