import { type Logger } from 'pino'
import { Complaint } from './complaint.ts'

const lookEveryMs = 1_000

export type Loop = {
  /** Looks at once instead of within a second. */
  readonly ring: () => void
  /** Resolves once the work in hand is done. */
  readonly stop: () => Promise<void>
}

/** Does a piece of work again and again while there is some, then every second or when it is rung for, until stopped. */
export function startLoop(log: Logger, name: string, work: () => Promise<number>): Loop {
  const stopping = new AbortController()
  const bell = new Bell()
  const complaint = new Complaint(log.child({ loop: name }))
  const running = keepWorking(work, bell, complaint, stopping.signal)
  return {
    ring: () => {
      bell.ring()
    },
    stop: async () => {
      stopping.abort()
      bell.ring()
      await running
    },
  }
}

async function keepWorking(
  work: () => Promise<number>,
  bell: Bell,
  complaint: Complaint,
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    const found = await attempt(work, complaint)
    if (found === 0) await bell.next(lookEveryMs)
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

/** One that rings while nobody waits is heard at the next wait. */
class Bell {
  #hasRung = false
  #wake: (() => void) | undefined

  ring(): void {
    this.#hasRung = true
    this.#wake?.()
  }

  async next(withinMs: number): Promise<void> {
    if (!this.#hasRung) {
      const { promise, resolve } = Promise.withResolvers<undefined>()
      this.#wake = () => {
        resolve(undefined)
      }
      const timer = setTimeout(this.#wake, withinMs)
      await promise
      clearTimeout(timer)
    }
    this.#hasRung = false
  }
}
