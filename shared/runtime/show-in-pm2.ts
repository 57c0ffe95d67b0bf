import { setTimeout as pause } from 'node:timers/promises'
import { type Logger } from 'pino'
import { inTime } from './in-time.ts'
import { type Monitor, type Shown } from './monitor.ts'

const readEveryMs = 5_000
const readWithinMs = 2_000

/** What is used of tx2, which brings no types. */
type Tx2 = {
  send: (message: unknown) => void
  readonly metric: (name: string, unit: string) => { readonly set: (value: number | string) => void }
  readonly action: (name: string, work: (reply: (answer: object) => void) => void) => void
}

export const isUnderPm2 = (): boolean => process.env['pm_id'] !== undefined && process.connected

/** Shows a service's figures in `pm2 monit`, and does what `pm2 trigger <service> <action>` asks, until it stops. */
export async function showInPm2(monitor: Monitor, log: Logger, stopping: AbortSignal): Promise<void> {
  const { default: tx2 } = (await import('tx2')) as { default: Tx2 }
  // its own way of sending ends the process when pm2 is gone
  tx2.send = (message) => {
    if (process.connected) process.send?.(message, undefined, {}, () => undefined)
  }
  monitor.hear((name, action) => {
    tx2.action(name, (reply) => {
      void act(name, action, log).then(reply)
    })
  })
  const metrics = [...monitor.shown].map(([name, one]) => ({ one, metric: tx2.metric(name, one.unit) }))
  while (!stopping.aborted) {
    for (const { one, metric } of metrics) metric.set(await readNow(one))
    await pause(readEveryMs, undefined, { signal: stopping, ref: false }).catch(() => undefined)
  }
}

const readNow = ({ read }: Shown): Promise<number | string> =>
  inTime(Promise.resolve(read()).then(rounded), readWithinMs).catch(() => '?') // why is in the log of who reads

const rounded = (value: number): number => Math.round(value * 100) / 100

async function act(name: string, action: () => Promise<object>, log: Logger): Promise<object> {
  try {
    const done = await action()
    log.info({ action: name, ...done }, 'asked by the operator')
    return done
  } catch (err) {
    log.error({ err, action: name }, 'what the operator asked for failed')
    return { failed: err instanceof Error ? err.message : String(err) }
  }
}
