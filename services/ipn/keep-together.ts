import { insertNotifications, type KeptNotification } from '../../shared/db/payment-events.ts'
import { isDatabaseAway, type Queryable } from '../../shared/db/pool.ts'

// one is written while the other gathers
const commitsAtOnce = 2
const mostTogether = 100

/** Resolves after the commit: with the id of what is new, with `undefined` when the same bytes were kept before. */
export type Keep = (notification: KeptNotification) => Promise<string | undefined>

type Waiting = {
  readonly notification: KeptNotification
  readonly resolve: (id: string | undefined) => void
  readonly reject: (error: unknown) => void
}

export type Keeping = {
  readonly keep: Keep
  /** Notifications arrive faster than one commit after the other could keep them. */
  readonly isBusy: () => boolean
}

/**
 * A commit costs the same for one notification as for many. The first is kept at once; what arrives while commits are under
 * way shares the next one, and is answered after it.
 */
export function keepTogether(db: Queryable): Keeping {
  const waiting: Waiting[] = []
  let commits = 0
  const keepWaiting = async (): Promise<void> => {
    commits += 1
    while (waiting.length > 0) await keepAll(db, waiting.splice(0, mostTogether))
    commits -= 1
  }
  const keep: Keep = (notification) => {
    const { promise, resolve, reject } = Promise.withResolvers<string | undefined>()
    waiting.push({ notification, resolve, reject })
    if (commits < commitsAtOnce) void keepWaiting()
    return promise
  }
  return { keep, isBusy: () => commits === commitsAtOnce }
}

/** Never throws: whoever waits hears of it. */
async function keepAll(db: Queryable, together: readonly Waiting[]): Promise<void> {
  try {
    const ids = await insertNotifications(
      db,
      together.map(({ notification }) => notification),
    )
    for (const { notification, resolve } of together) {
      resolve(ids.get(notification.bodySha256))
      ids.delete(notification.bodySha256) // who posted the same bytes at the same moment repeats them
    }
  } catch (error) {
    await refuse(db, together, error)
  }
}

/** One that cannot be kept must not be a reason to refuse the others; a database that is away is away for all. */
async function refuse(db: Queryable, together: readonly Waiting[], error: unknown): Promise<void> {
  if (together.length === 1 || isDatabaseAway(error)) {
    for (const { reject } of together) reject(error)
    return
  }
  for (const one of together) await keepAll(db, [one])
}
