import { type Logger } from 'pino'
import { Complaint } from './complaint.ts'

const lookEveryMs = 1_000

export type Loop = {
  /** Looks at once instead of within a second. */
  readonly ring: () => void
  readonly stop: () => Promise<void>
}

/** Does a piece of work again and again while there is some, then every second or when it is rung for, until stopped. */
export function startLoop(log: Logger, name: string, work: () => Promise<number>): Loop {
  const complaint = new Complaint(log.child({ loop: name }))
  let isStopping = false
  let hasRung = false
  let wake: (() => void) | undefined
  const ring = (): void => {
    hasRung = true
    wake?.()
  }
  const running = (async () => {
    while (!isStopping) {
      hasRung = false
      const found = await attempt(work, complaint)
      if (found === 0 && !hasRung) await rest((resolve) => (wake = resolve))
    }
  })()
  return {
    ring,
    stop: async () => {
      isStopping = true
      ring()
      await running
    },
  }
}

async function attempt(work: () => Promise<number>, complaint: Complaint): Promise<number> {
  try {
    const found = await work()
    complaint.over('working again')
    return found
  } catch (error) {
    complaint.about(error, 'the work was interrupted and will be tried again')
    return 0
  }
}

async function rest(onWake: (resolve: () => void) => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  onWake(resolve)
  const timer = setTimeout(resolve, lookEveryMs)
  await promise
  clearTimeout(timer)
}
