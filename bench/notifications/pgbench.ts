import { execFile } from 'node:child_process'
import { access, readdir, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Where pgbench is: on the PATH, or where Debian puts it. */
async function findPgbench(): Promise<string | undefined> {
  const debian = '/usr/lib/postgresql'
  const versions = (await readdir(debian).catch(() => [])).toSorted((one, other) => Number(other) - Number(one))
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...versions.map((version) => join(debian, version, 'bin')),
  ]
  for (const folder of folders) {
    const path = join(folder, 'pgbench')
    const isThere = await access(path).then(
      () => true,
      () => false,
    )
    if (isThere) return path
  }
  return undefined
}

const insert = String.raw`\set one random(1, 9000000000000)
\set two random(1, 9000000000000)
insert into bench_events (source, raw, body_sha256, signature_form, provider_id, status, actually_paid)
values ('ipn', repeat('x', 330), md5((:one)::text) || md5((:two)::text), 'raw', 'bench', 'waiting', '0')
on conflict (body_sha256) where source = 'ipn' do nothing;
`

/** How often a second PostgreSQL commits the insert of a notification when nothing else is done; undefined without pgbench. */
export async function commitsPerSecond(
  url: string,
  folder: string,
  clients: number,
  seconds: number,
): Promise<number | undefined> {
  const pgbench = await findPgbench()
  if (pgbench === undefined) return undefined
  const script = join(folder, 'insert.sql')
  await writeFile(script, insert)
  const flags = [
    '--no-vacuum',
    '--protocol=prepared',
    `--client=${clients}`,
    '--jobs=2',
    `--time=${seconds}`,
    `--file=${script}`,
  ]
  const { stdout } = await run(pgbench, [...flags, url])
  return Number(/tps = ([\d.]+)/.exec(stdout)?.[1])
}
