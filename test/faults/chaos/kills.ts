import { services } from '../processes.ts'
import { type Stage } from './stage.ts'

export type Kills = {
  /** How long each was away, in milliseconds. */
  readonly backMs: readonly number[]
  /** How often each was killed at least. */
  readonly ofEach: number
}

/** Kills one service after the other, the next one as soon as the one before is back; begins no round after `withinMs`. */
export async function killInTurn({ processes }: Stage, wanted: number, withinMs: number): Promise<Kills> {
  const backMs: number[] = []
  const startedAt = performance.now()
  let ofEach = 0
  while (ofEach < wanted && performance.now() - startedAt < withinMs) {
    for (const name of services) {
      const killedAt = performance.now()
      await processes.kill(name)
      await processes.ready(name)
      backMs.push(performance.now() - killedAt)
    }
    ofEach += 1
  }
  return { backMs, ofEach }
}
