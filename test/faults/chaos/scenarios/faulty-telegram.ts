import { setTimeout as pause } from 'node:timers/promises'
import { linkOf } from '../../../shopper.ts'
import { time, worst } from '../figures.ts'
import { delaysOf } from '../purchase.ts'
import { bringAll, orderSome, secondFilesOf, type Scenario } from './trial.ts'

export const faultyTelegram: Scenario = async (stage, { sizes, seed }) => {
  const { faults } = stage.world.telegram
  const purchases = await orderSome(stage, sizes.few)
  const inChaos = faults.retryAfterViolations
  faults.clear()
  faults.seed(seed)
  const rules = [
    faults.add({ kind: 'retry_after', seconds: 1, probability: 0.3, method: 'edit*' }),
    faults.add({ kind: 'retry_after', seconds: 1, probability: 0.3, method: 'send*' }),
    faults.add({ kind: 'error', status: 502, probability: 0.2 }),
    faults.add({ kind: 'hang', probability: 0.1, method: 'edit*' }),
    faults.add({ kind: 'drop', after: true, probability: 0.1 }),
  ]
  await bringAll(stage, purchases).finally(() => {
    for (const { id } of rules) faults.remove(id)
  })
  await pause(3_000) // whatever is still on its way arrives: a second file would show
  const second = secondFilesOf(purchases)
  const links = purchases.filter(({ buyer }) => buyer.deliveries().some((one) => linkOf(one) !== undefined))
  const early = faults.violations.map(({ method, tooEarlyMs }) => `${method} ${tooEarlyMs} ms`)
  return {
    goal: {
      id: 'G14',
      goal: 'Telegram: 30 % 429, 20 % 5xx, 10 % hanging, 10 % lost answers',
      target: '0 second files; `retry_after` never violated',
      measured: `${second} second files of ${purchases.length}; ${early.length} calls too early${early.length === 0 ? '' : ` (${early.slice(0, 3).join(', ')})`}; slowest ${time(worst(delaysOf(purchases)))}; ${links.length} had a link, after four documents that failed; in the chaos, where processes are killed, ${inChaos} calls too early`,
      isMet: second === 0 && early.length === 0,
      how: 'all of it on the calls that make and change messages; a call more than 100 ms after a 429 and before its end is too early. A link is followed and its file compared',
    },
    purchases,
  }
}
