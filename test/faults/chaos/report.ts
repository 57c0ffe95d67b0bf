import { execFile } from 'node:child_process'
import { availableParallelism, totalmem } from 'node:os'
import { promisify } from 'node:util'
import { count, tally } from './figures.ts'
import { type Goal, goalTable } from './goals.ts'
import { type ChaosOptions } from './options.ts'
import { type Findings } from './invariants.ts'
import { pace, type Stage } from './stage.ts'

export type Facts = {
  readonly options: ChaosOptions
  readonly goals: readonly Goal[]
  readonly findings: Findings
  /** By the phase they struck in. */
  readonly faults: ReadonlyMap<string, ReadonlyMap<string, number>>
  readonly failures: readonly string[]
  readonly minutes: number
  readonly machine: string
}

/** What the run ran on, without a name that tells whose it is. */
export async function describeMachine({ world }: Stage): Promise<string> {
  const { rows } = await world.db.query<{ version: string }>(`select current_setting('server_version') as version`)
  const postgres = rows[0]?.version.split(' ', 1)[0] ?? 'unknown'
  const { stdout } = await promisify(execFile)('uname', ['-sr'])
  return [
    `${availableParallelism()} cores`,
    `${Math.round(totalmem() / 2 ** 30)} GB of memory`,
    stdout.trim(),
    `Node ${process.version.slice(1)}`,
    `PostgreSQL ${postgres}`,
    `nats-server ${world.nats.version}`,
  ].join(', ')
}

/** The run as a document. */
export function describe({ options, goals, findings, faults, failures, minutes, machine }: Facts): string {
  const date = new Date().toISOString().slice(0, 10)
  const bound = findings.paid > 0 ? (300 / findings.paid).toPrecision(2) : 'nothing'
  return [
    '# Reliability, measured',
    '',
    `\`npm run chaos -- --orders ${options.orders} --seed ${options.seed}\`, ${date}, ${Math.round(minutes)} minutes on ${machine}. The machine also played everybody outside: buyers, Telegram, NOWPayments and the bucket.`,
    '',
    goalTable(goals),
    '',
    ...failuresOf(failures),
    '## What this shows',
    '',
    `${count(findings.paid)} orders were paid for in the chat and followed to their file: real PostgreSQL, real nats-server, an S3 server of our own, the five services as processes; only Telegram and NOWPayments are played. An eighth was bought in calm, most while one service after the other was killed, a twentieth while everything failed at once (at half an order a second: two cores on which services restart all the time carry no more, and more would only measure the queue), the rest one goal at a time. At the end every chat was looked at from outside: how many files, whose bytes, which orders nobody had paid for; the books had to balance, and to equal what NOWPayments was paid.`,
    '',
    `No failure in ${count(findings.paid)} says that the rate is below ${bound} % with 95 % certainty (3/N), and no more than that. That *any single* fault is survived is shown elsewhere: \`npm test\` kills, throws and hangs at every named point between two effects.`,
    '',
    '## Faults',
    '',
    ...[...faults].map(([phase, counts]) => `- ${phase}: ${tally(counts) || 'nothing'}.`),
    '- each goal from G11 on: as its row says.',
    '',
    `A fault that says (missed) could not be dealt, such as a query while PostgreSQL started. NOWPayments' client was let run ${pace} times faster than usual (\`NOWPAYMENTS_PACE\`) but for G8: at two new payments a second the run would have taken all night. The same seed gives the same orders and the same sequence of faults; when exactly each strikes is up to the machine.`,
    '',
    '## What it does not show',
    '',
    '- G19 (failing disks under PostgreSQL), G20 (a day at 5/s) and G21 (restore from a backup) need other means and are not part of this run.',
    '- The full disk of G11, and outages longer than the rows say.',
    '- Faults of Telegram and NOWPayments that their stand-ins do not know.',
    '- 30,000 orders: the bound grows with the run, `--orders 30000` is the same command.',
    '',
  ].join('\n')
}

function failuresOf(failures: readonly string[]): string[] {
  if (failures.length === 0) return []
  return ['## Failures', '', ...failures.slice(0, 20).map((failure) => `- ${failure}`), '']
}
