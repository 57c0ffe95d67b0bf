import { setTimeout as pause } from 'node:timers/promises'
import { forgetFiles } from '../nemesis.ts'
import { type Purchase } from '../purchase.ts'
import { followAll, orderSome, payAll, secondFilesOf, type Scenario } from './trial.ts'

const leaseMs = 20_000
const ordersEachTime = 4

/** Stopped in the middle of whatever it is doing, woken after its lease is over. */
export const pausedWorker: Scenario = async (stage, { sizes }) => {
  const purchases: Purchase[] = []
  for (let time = 0; time < sizes.pauses; time += 1) {
    const bought = await orderSome(stage, ordersEachTime)
    await forgetFiles(stage.world)
    payAll(stage, bought)
    await pause(120 * (time + 1)) // another moment of the delivery each time
    await stage.processes.whilePaused(['delivery'], () => pause(leaseMs + 5_000))
    await followAll(stage, bought)
    purchases.push(...bought)
  }
  const second = secondFilesOf(purchases)
  return {
    goal: {
      id: 'G18',
      goal: 'worker paused for longer than its lease',
      target: '0 second files',
      measured: `${second} second files of ${purchases.length} in ${sizes.pauses} pauses of ${(leaseMs + 5_000) / 1000} s, besides those in the chaos`,
      isMet: second === 0,
      how: 'SIGSTOP in the middle of deliveries, SIGCONT 25 s later',
    },
    purchases,
  }
}
