import { type Database } from '../../shared/db/pool.ts'
import { percentile } from '../../test/faults/chaos/figures.ts'
import { ms, timeEach } from '../measure.ts'
import { findWholeReads, watch } from './watched.ts'

export type Question = { readonly name: string; readonly ask: (db: Database, turn: number) => Promise<unknown> }

/** How long a question takes, and the big tables it reads from one end to the other: there should be none. */
export type Answered = { readonly p50: number; readonly p95: number; readonly wholeReads: readonly string[] }

export async function answer(db: Database, { name, ask }: Question, times = 20): Promise<Answered> {
  const watched = watch(db)
  const taken = await timeEach(times, (turn) => ask(watched.db, turn))
  const wholeReads = await findWholeReads(db, watched.asked)
  const answered = { p50: percentile(taken, 0.5), p95: percentile(taken, 0.95), wholeReads }
  console.error(`  ${name}: ${inWords(answered)}`)
  return answered
}

export const inWords = ({ p50, p95, wholeReads }: Answered): string =>
  `${ms(p50)} / ${ms(p95)}${wholeReads.length > 0 ? ` reads all ${wholeReads.join(', ')}` : ''}`
