import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import { startWorld } from '../../../sandbox/world.ts'
import { until } from '../../../sandbox/infra/until.ts'
import { listBrokenInvariants } from '../../../shared/db/invariants.ts'
import { type Database } from '../../../shared/db/pool.ts'
import { type DatabaseConfig } from '../../../shared/runtime/settings.ts'
import { type ServiceProcess, startProcess } from '../service-process.ts'
import { anyLetter, type Letter, told, truthful } from './letters.ts'
import { type FuzzOptions } from './options.ts'
import { type Answer, postAll } from './post.ts'
import { notAsTrue, statesOf, wronglyChanged } from './state.ts'
import { makeSubjects, type Subject } from './subjects.ts'

export type Fuzzed = {
  readonly answers: readonly Answer[]
  /** Everything that should not be: empty when all is well. */
  readonly faults: readonly string[]
  readonly subjects: number
  readonly kept: number
}

const drainedWithinMs = 300_000

/** The real `ipn` as a process, NOWPayments played, and a flood of notifications of every kind about orders whose truth stays. */
export async function fuzz(database: DatabaseConfig, options: FuzzOptions): Promise<Fuzzed> {
  const world = await startWorld({ database, products: [], without: ['ipn', 'bot', 'delivery', 'media', 'janitor'] })
  const environment = { ...world.environment, PORT: new URL(world.publicUrl).port, NOWPAYMENTS_PACE: '100' }
  const subjects = await makeSubjects(world)
  const ipn = startProcess('ipn', environment)
  try {
    await until(async () => ((await fetch(`${world.publicUrl}/readyz`)).ok ? true : undefined), 90_000)
    const secret = world.environment['NOWPAYMENTS_IPN_SECRET'] ?? ''
    const url = `${world.publicUrl}/ipn/nowpayments`
    const tell = async (letters: readonly Letter[], rate = 0): Promise<Answer[]> => {
      const answers = await postAll(url, letters, rate)
      await untilHandled(world.db)
      return answers
    }
    const known = subjects.filter(({ role }) => role === 'known')
    await tell(known.map((subject) => truthful(subject, secret)))
    const before = await statesOf(world)
    const faults = notAsTrue(known, before)

    const letters = flood(subjects, secret, options)
    const answers = await tell(letters, options.rate)
    faults.push(...wronglyChanged(subjects, before, await statesOf(world)))
    await tell(subjects.map((subject) => truthful(subject, secret)))
    faults.push(...notAsTrue(subjects, await statesOf(world)))

    faults.push(...wronglyAnswered(answers), ...saidByProcess(ipn), ...(await brokenIn(world.db)))
    return { answers, faults, subjects: subjects.length, kept: await countKept(world.db) }
  } finally {
    ipn.signal('SIGTERM')
    await Promise.race([ipn.ended, pause(20_000, undefined, { ref: false })])
    ipn.signal('SIGKILL')
    await world.close()
  }
}

/** What is made of the seed: a tenth of it said before, word for word; and the permuted ones, in their orders, among it. */
function flood(subjects: readonly Subject[], secret: string, { notifications, seed }: FuzzOptions): Letter[] {
  const any = fc.tuple(anyLetter(subjects, secret), fc.nat({ max: 9 }), fc.nat({ max: 1_000_000 }))
  const letters: Letter[] = []
  for (const [letter, luck, place] of fc.sample(any, { seed, numRuns: notifications })) {
    const earlier = luck === 0 ? letters[place % letters.length] : undefined
    letters.push(earlier ?? letter)
  }
  const permuted = subjects.filter(({ role }) => role === 'permuted')
  const inOrders = permutations(['waiting', 'confirming', 'sending', 'finished']).map((statuses, index) =>
    [1, 2, 3].flatMap((time) => {
      const subject = permuted[index]
      return subject === undefined ? [] : statuses.map((status) => told(subject, status, time, secret))
    }),
  )
  return mixed(letters, inOrders)
}

function permutations<One>(all: readonly One[]): One[][] {
  if (all.length <= 1) return [[...all]]
  return all.flatMap((one, index) => permutations(all.toSpliced(index, 1)).map((rest) => [one, ...rest]))
}

/** The sequences, step by step and side by side, spread over the letters: each keeps its order. */
function mixed(letters: readonly Letter[], sequences: readonly (readonly Letter[])[]): Letter[] {
  const steps = Array.from({ length: Math.max(...sequences.map(({ length }) => length)) }, (_, step) =>
    sequences.flatMap((sequence) => sequence.slice(step, step + 1)),
  )
  const share = Math.ceil(letters.length / steps.length)
  return steps.flatMap((step, index) => [...letters.slice(index * share, (index + 1) * share), ...step])
}

/** Every notification that was kept has been acted upon. */
async function untilHandled(db: Database): Promise<void> {
  await until(async () => {
    const { rowCount } = await db.query(`select from payment_events where handled_at is null limit 1`)
    return rowCount === 0 ? true : undefined
  }, drainedWithinMs)
}

const wronglyAnswered = (answers: readonly Answer[]): string[] =>
  answers
    .filter(({ letter, status }) => !letter.right.includes(status))
    .map(({ letter, place, status }) => {
      const body = letter.body.toString().slice(0, 300)
      return `notification ${place} (${letter.kind}) was answered ${status}, not ${letter.right.join(' or ')}: ${body}`
    })

/** A process that ended, or that met something it did not foresee. */
function saidByProcess({ lines, strayOutput, pid }: ServiceProcess): string[] {
  const failed = lines.filter(({ level }) => level === 'error' || level === 'fatal')
  return [
    ...(isRunning(pid) ? [] : ['the process has ended']),
    ...failed.map((line) => `said: ${JSON.stringify(line)}`),
    ...strayOutput.map((text) => `said: ${text}`),
  ]
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const brokenIn = async (db: Database): Promise<string[]> =>
  (await listBrokenInvariants(db)).map(({ name, refs }) => `${name}: ${refs.join(', ')}`)

async function countKept(db: Database): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from payment_events where source = 'ipn'`,
  )
  return rows[0]?.count ?? 0
}
