import { setTimeout as pause } from 'node:timers/promises'
import { type Logger } from 'pino'
import { type Check } from '../runtime/health.ts'
import { type BucketState } from './check-bucket.ts'
import { type ObjectStore } from './object-store.ts'

/** Providers count these calls: rarely while all is well, sooner when the operator may be putting something right. */
const usualPausesMs = { ok: 5 * 60_000, otherwise: 15_000 }

export type BucketWatch = {
  /** What the bucket said last; waits for its first answer. */
  readonly state: () => Promise<BucketState>
  readonly stop: () => Promise<void>
}

/** Asks in the background whether the bucket can be used, and says so in one line whenever the answer changes. */
export function watchBucket(
  bucket: Pick<ObjectStore, 'checkBucket'>,
  log: Logger,
  pausesMs = usualPausesMs,
): BucketWatch {
  const stopping = new AbortController()
  const first = Promise.withResolvers<BucketState>()
  let last: BucketState | undefined
  const watching = look(bucket, pausesMs, stopping.signal, (state) => {
    if (state.kind !== (last?.kind ?? 'ok')) log[state.kind === 'ok' ? 'info' : 'warn'](state.says)
    last = state
    first.resolve(state)
  })
  return {
    state: () => (last === undefined ? first.promise : Promise.resolve(last)),
    stop: () => {
      stopping.abort()
      return watching
    },
  }
}

async function look(
  bucket: Pick<ObjectStore, 'checkBucket'>,
  pausesMs: typeof usualPausesMs,
  stopping: AbortSignal,
  onAnswer: (state: BucketState) => void,
): Promise<void> {
  while (!stopping.aborted) {
    const state = await unlessAborted(bucket.checkBucket(), stopping)
    if (state === undefined) return
    onAnswer(state)
    await pause(state.kind === 'ok' ? pausesMs.ok : pausesMs.otherwise, undefined, { signal: stopping }).catch(
      () => undefined,
    )
  }
}

/** A bucket that does not answer must not hold up a stop. */
async function unlessAborted<T>(work: Promise<T>, stopping: AbortSignal): Promise<T | undefined> {
  const aborted = Promise.withResolvers<undefined>()
  const onAbort = (): void => {
    aborted.resolve(undefined)
  }
  stopping.addEventListener('abort', onAbort)
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    stopping.removeEventListener('abort', onAbort)
  }
}

/** Without its bucket a service keeps work for later: degraded, not down. */
export const bucketCheck = (watch: BucketWatch): Check => ({
  name: 'bucket',
  isVital: false,
  look: async () => {
    const { kind } = await watch.state()
    return kind === 'ok' ? { ok: true } : { ok: false, detail: kind }
  },
})
