import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../../../../sandbox/infra/until.ts'
import { services } from '../../processes.ts'
import { time } from '../figures.ts'
import { genuine, post } from '../forge.ts'
import { type Stage } from '../stage.ts'
import { followAll, orderSome, payAll, type Scenario } from './trial.ts'

/** Many sudden ends, then an outage. */
export const databaseAway: Scenario = async (stage, { sizes }) => {
  const { postgres, processes } = stage
  const purchases = await orderSome(stage, sizes.few)
  const before = services.map((name) => processes.starts(name))
  for (let stop = 0; stop < sizes.databaseStops; stop += 1) await stopOnce(stage)
  await postgres.down()
  payAll(stage, purchases)
  const answers = await askFor(sizes.databaseAwayMs, stage, purchases[0])
  await postgres.up()
  const backAt = Date.now()
  await followAll(stage, purchases)
  const resumed = Date.now() - backAt
  const exits = services.filter((name, index) => processes.starts(name) !== before[index])
  const honest = answers.filter((status) => status === 503).length
  return {
    goal: {
      id: 'G12',
      goal: 'PostgreSQL ends at once, many times; outage',
      target: 'no process exits; 503 meanwhile; resumes ≤ 10 s',
      measured: `ended ${sizes.databaseStops} times, then away ${time(sizes.databaseAwayMs)}: exits: ${exits.join(', ') || 'none'}; ${honest} of ${answers.length} answers 503; ${purchases.length} files ${time(resumed)} after return`,
      isMet: honest === answers.length && exits.length === 0 && resumed <= 10_000,
      how: 'kill -9 of the postmaster, recovery each time; then stopped',
    },
    purchases,
  }
}

async function stopOnce({ postgres, world }: Stage): Promise<void> {
  await postgres.kill()
  await until(() => world.db.query('select'), 60_000)
  await pause(200)
}

async function askFor(ms: number, stage: Stage, about: Parameters<typeof genuine>[1] | undefined): Promise<number[]> {
  if (about === undefined) throw new Error('Expected an order to notify about')
  const answers: number[] = []
  for (const end = Date.now() + ms; Date.now() < end;) {
    answers.push(await post(stage, genuine(stage, about, 'waiting')))
    await pause(500)
  }
  return answers
}
