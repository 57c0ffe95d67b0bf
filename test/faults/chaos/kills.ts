import { services } from '../processes.ts'
import { type Stage } from './stage.ts'

/** Kills one service after the other, the next one as soon as the one before is back; how long each was away. */
export async function killInTurn({ processes }: Stage, ofEach: number): Promise<number[]> {
  const backMs: number[] = []
  for (let round = 0; round < ofEach; round += 1) {
    for (const name of services) {
      const killedAt = performance.now()
      await processes.kill(name)
      await processes.ready(name)
      backMs.push(performance.now() - killedAt)
    }
  }
  return backMs
}
