import { setTimeout as pause } from 'node:timers/promises'
import { time } from '../figures.ts'
import { genuine, post } from '../forge.ts'
import { followAll, orderSome, payAll, type Scenario } from './trial.ts'

/** Paid while the broker is away: the intake answers all the same, and what was paid is delivered after its return. */
export const brokerAway: Scenario = async (stage, { sizes }) => {
  const { nats, nowPayments } = stage.world
  const purchases = await orderSome(stage, sizes.few)
  await nats.down()
  payAll(stage, purchases)
  const answers = await postFor(sizes.brokerAwayMs, async () => {
    const [any] = purchases
    return any === undefined ? 0 : post(stage, genuine(stage, any, 'waiting'))
  })
  const final = purchases.flatMap(({ paymentId }) =>
    nowPayments.payment(paymentId).notifications.filter(({ status }) => status === 'finished'),
  )
  const taken = [...answers, ...final.map(({ answer }) => answer)].filter((answer) => answer === 200).length
  const all = answers.length + final.length
  await nats.wipe()
  const backAt = Date.now()
  await followAll(stage, purchases)
  const drained = Date.now() - backAt
  return {
    goal: {
      id: 'G11',
      goal: 'broker down, store wiped',
      target: 'intake stays 2xx; drained ≤ 60 s after return; 0 lost',
      measured: `down ${time(sizes.brokerAwayMs)}, then wiped: ${taken} of ${all} notifications answered 200 meanwhile, ${purchases.length} orders drained ${time(drained)} after return; full disk: not tried here`,
      isMet: taken === all && drained <= 60_000,
      how: 'real nats-server, ended, its store removed, started',
    },
    purchases,
  }
}

async function postFor(ms: number, ask: () => Promise<number>): Promise<number[]> {
  const answers: number[] = []
  for (const end = Date.now() + ms; Date.now() < end;) {
    answers.push(await ask())
    await pause(200)
  }
  return answers
}
