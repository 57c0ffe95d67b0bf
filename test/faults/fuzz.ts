import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { startPostgres } from '../../sandbox/infra/postgres.ts'
import { migrate } from '../../shared/db/migrate.ts'
import { databaseFromUrl } from '../../shared/runtime/settings.ts'
import { percentile, time, worst } from './chaos/figures.ts'
import { type FuzzOptions, readOptions } from './fuzz/options.ts'
import { type Answer } from './fuzz/post.ts'
import { fuzz, type Fuzzed } from './fuzz/run.ts'

/**
 * `npm run fuzz -- --notifications N --rate R --seed S`: posts N notifications of every kind to the real `ipn`, R a second, and
 * compares what became of the orders with what NOWPayments says of their payments.
 */
const targetMs = 500

async function run(options: FuzzOptions): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'comptoir-fuzz-'))
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), forTests: true })
  try {
    await postgres.ensureDatabase('comptoir')
    const database = databaseFromUrl(postgres.url('comptoir'))
    await migrate(database, pino({ enabled: false }))
    const fuzzed = await fuzz(database, options)
    console.log(describe(options, fuzzed))
    const isFast = options.rate === 0 || percentile(timesOf(fuzzed.answers), 0.99) <= targetMs
    return fuzzed.faults.length === 0 && isFast
  } finally {
    await postgres.remove()
    await rm(folder, { recursive: true, force: true })
  }
}

const timesOf = (answers: readonly Answer[]): number[] => answers.map(({ ms }) => ms)

function describe({ notifications, rate, seed }: FuzzOptions, { answers, faults, subjects, kept }: Fuzzed): string {
  const ms = timesOf(answers)
  const figures = [0.5, 0.95, 0.99].map((share) => `p${share * 100} ${time(percentile(ms, share))}`)
  return [
    `npm run fuzz -- --notifications ${notifications} --rate ${rate} --seed ${seed}`,
    `${availableParallelism()} cores, Node ${process.version}: ${answers.length} notifications about ${subjects} payments, ${kept} kept`,
    `answered in ${figures.join(', ')}, max ${time(worst(ms))}`,
    '',
    ...table(answers),
    '',
    faults.length === 0
      ? 'Every order is as NOWPayments says; nothing forged or untrue changed anything; no process ended.'
      : `${faults.length} faults:\n  ${faults.slice(0, 30).join('\n  ')}`,
  ].join('\n')
}

/** How often each kind was answered how. */
function table(answers: readonly Answer[]): string[] {
  const kinds = [...new Set(answers.map(({ letter }) => letter.kind))].sort()
  const codes = [...new Set(answers.map(({ status }) => status))].sort((one, other) => one - other)
  const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
  const count = (kind: string, code: number): number =>
    answers.filter(({ letter, status }) => letter.kind === kind && status === code).length
  return [
    row(['kind', ...codes]),
    row(['---', ...codes.map(() => '---:')]),
    ...kinds.map((kind) => row([kind, ...codes.map((code) => count(kind, code))])),
  ]
}

process.exitCode = (await run(readOptions(process.argv.slice(2)))) ? 0 : 1
process.exit()
