import { type Logger } from 'pino'
import { startListening } from '../../../shared/db/listen.ts'
import { type Database } from '../../../shared/db/pool.ts'
import {
  claimUpdates,
  type HeldUpdate,
  markUpdateHandled,
  releaseUpdate,
  renewUpdate,
  updatesChannel,
} from '../../../shared/db/telegram-updates.ts'
import { Complaint } from '../../../shared/runtime/complaint.ts'
import { failpoint } from '../../../shared/runtime/failpoint.ts'
import { Bell } from './bell.ts'
import { inTime } from '../../../shared/runtime/in-time.ts'
import { isWornOut, nextTry } from './retry.ts'

const leaseMs = 20_000
const renewEveryMs = 5_000
const lookEveryMs = 1_000
const mostAtOnce = 16
// every call has its own, much shorter; this is for what hangs all the same
const defaultDeadlineMs = 120_000

export type HandlingDeps = {
  readonly db: Database
  readonly botId: bigint
  readonly log: Logger
  /** Answers one update; it may be run again after an error. */
  readonly handle: (payload: unknown) => Promise<void>
  /** How long one try may take: 2 min unless told. */
  readonly deadlineMs?: number
  /** An update failed for good: keeps it for the administrators and tells its sender. */
  readonly giveUp: (held: HeldUpdate, error: unknown) => Promise<void>
}

/** Handles what was kept: each person's updates strictly one after another, several people at once. */
export function startHandling(deps: HandlingDeps): Handling {
  return new Handling(deps)
}

export class Handling {
  readonly #deps: HandlingDeps
  readonly #bell = new Bell()
  readonly #complaint: Complaint
  readonly #inHand = new Set<Promise<void>>()
  readonly #listener
  readonly #running: Promise<void>
  #isStopping = false

  constructor(deps: HandlingDeps) {
    this.#deps = deps
    this.#complaint = new Complaint(deps.log)
    this.#listener = startListening(deps.db, updatesChannel, () => {
      this.#bell.ring()
    })
    this.#running = this.#run()
  }

  /** Takes nothing new and waits for what is in hand. */
  async stop(): Promise<void> {
    this.#isStopping = true
    this.#bell.ring()
    await Promise.all([this.#listener.stop(), this.#running])
    await Promise.allSettled(this.#inHand)
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      const taken = await this.#takeSome()
      if (taken === 0) await this.#bell.wait(lookEveryMs)
    }
  }

  async #takeSome(): Promise<number> {
    const free = mostAtOnce - this.#inHand.size
    if (free === 0) return 0
    try {
      const updates = await claimUpdates(this.#deps.db, this.#deps.botId, free, leaseMs)
      for (const held of updates) this.#take(held)
      this.#complaint.over('updates are handled again')
      return updates.length
    } catch (error) {
      this.#complaint.about(error, 'cannot take updates from the database')
      return 0
    }
  }

  #take(held: HeldUpdate): void {
    const handled = handleHeld(this.#deps, held).finally(() => {
      this.#inHand.delete(handled)
      this.#bell.ring()
    })
    this.#inHand.add(handled)
  }
}

/** Never throws: whatever goes wrong, the lease ends by itself and somebody takes the update again. */
async function handleHeld(deps: HandlingDeps, held: HeldUpdate): Promise<void> {
  const { db, log } = deps
  const fields = { updateId: held.updateId, userId: held.personId, attempt: held.tries }
  const renewing = keepHeld(deps, held)
  const startedAt = performance.now()
  try {
    const outcome = await tryOnce(deps, held)
    if (outcome.kind === 'later') await releaseUpdate(db, held, outcome)
    else await markUpdateHandled(db, held, outcome.error)
    const ms = Math.round(performance.now() - startedAt)
    if (outcome.kind === 'done') log.info({ ...fields, ms }, 'update handled')
  } catch (err) {
    log.warn({ ...fields, err }, 'cannot note what became of an update, it will be taken again')
  } finally {
    clearInterval(renewing)
  }
}

type Outcome =
  | { readonly kind: 'done'; readonly error: null }
  | { readonly kind: 'given up'; readonly error: string }
  | { readonly kind: 'later'; readonly pauseMs: number; readonly error: string }

async function tryOnce(deps: HandlingDeps, held: HeldUpdate): Promise<Outcome> {
  try {
    if (isWornOut(held.tries)) throw new Error(`Expected an update to end within ${held.tries} tries`)
    // a handler that hangs would keep the lane of its person for ever, and one of the few places for all
    await inTime(answer(deps, held), deps.deadlineMs ?? defaultDeadlineMs)
    return { kind: 'done', error: null }
  } catch (err) {
    const error = err instanceof Error ? err.message : String(err)
    const next = isWornOut(held.tries) ? ({ kind: 'give up' } as const) : nextTry(err, held.tries)
    deps.log.warn({ updateId: held.updateId, userId: held.personId, attempt: held.tries, err }, 'update failed')
    if (next.kind === 'later') return { ...next, error }
    await deps.giveUp(held, err)
    return { kind: 'given up', error }
  }
}

async function answer({ handle }: HandlingDeps, { payload }: HeldUpdate): Promise<void> {
  await handle(payload)
  await failpoint('bot.handled')
}

function keepHeld({ db, log }: HandlingDeps, held: HeldUpdate): NodeJS.Timeout {
  return setInterval(() => {
    renewUpdate(db, held, leaseMs).catch((err: unknown) => {
      log.debug({ updateId: held.updateId, err }, 'cannot renew the lease of an update')
    })
  }, renewEveryMs)
}
