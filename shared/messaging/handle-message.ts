import { setTimeout as pause } from 'node:timers/promises'
import { type JsMsg } from '@nats-io/jetstream'
import { type Logger } from 'pino'
import { type Database, isDatabaseAway } from '../db/pool.ts'
import { decodePayload, type Event, type PayloadOf } from '../events/index.ts'
import { keepDeadLetter } from './dead-letter.ts'
import { type Envelope, readEnvelope } from './envelope.ts'
import { RetryLater } from './retry-later.ts'

const workingEveryMs = 3_000
const ackMs = 5_000

/** What a handler may know besides the payload. */
export type EventMeta = {
  /** The event's uuid: the same however often it is delivered. */
  readonly messageId: string
  readonly key: string
  readonly enqueuedAt: Date
  /** 1 the first time; `RetryLater` and an absent database do not count. */
  readonly attempt: number
  /** Aborted when the time for this event is up, or the service stops. */
  readonly signal: AbortSignal
}

export type EventHandler<E extends Event> = (payload: PayloadOf<E>, meta: EventMeta) => Promise<void>

/** How a durable consumer treats its events. */
export type Policy<E extends Event> = {
  readonly event: E
  readonly durable: string
  /** After so many failures an event becomes a dead letter. */
  readonly maxTries: number
  /** The pause after the nth failure. */
  readonly backoff: (failures: number) => number
  /** How long one event may take before it is given to somebody else. */
  readonly deadlineMs: number
  /** Called once the broker knows that an event is done. */
  readonly onAcknowledged: () => Promise<void>
  readonly handler: EventHandler<E>
}

export type Ground = {
  readonly db: Database
  readonly log: Logger
  readonly stopping: AbortSignal
  /** Failures so far, by message id. Forgotten with the process: then an event merely gets more tries. */
  readonly failures: Map<string, number>
}

type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'later'; readonly ms: number }
  | { readonly kind: 'dead'; readonly reason: string }

/** Tells the broker that the message is in good hands, until the returned function is called. */
export function keepAlive(message: JsMsg): () => void {
  const timer = setInterval(() => {
    try {
      message.working()
    } catch {
      clearInterval(timer) // the connection is gone, and the broker will ask again on the next
    }
  }, workingEveryMs)
  return () => {
    clearInterval(timer)
  }
}

/** Handles one message and tells the broker how it went. Never throws. */
export async function handleMessage<E extends Event>(message: JsMsg, policy: Policy<E>, ground: Ground): Promise<void> {
  const { log, db } = ground
  try {
    const read = readEnvelope(message)
    if (read.kind === 'malformed') {
      const { id: messageId, reason, text: json } = read
      log.error({ messageId, reason }, 'a malformed event became a dead letter')
      await keepDeadLetter(db, { ...policy, subject: message.subject, key: messageId, messageId, reason, json })
      message.term()
      return
    }
    await settle(message, read.envelope, await attempt(read.envelope, policy, ground), policy, ground)
  } catch (err) {
    // the dead letter could not be written, or the connection ended: the broker asks again
    log.warn({ err, seq: message.seq }, 'an event could not be settled')
    tryNak(message, policy.backoff(1))
  }
}

function tryNak(message: JsMsg, ms: number): void {
  try {
    message.nak(ms)
  } catch {
    return // without a connection the broker notices by itself, after ack_wait
  }
}

async function attempt<E extends Event>(envelope: Envelope, policy: Policy<E>, ground: Ground): Promise<Outcome> {
  const decoded = decodePayload(policy.event, envelope.json)
  if (decoded.kind === 'malformed') return { kind: 'dead', reason: decoded.reason }
  const failures = ground.failures.get(envelope.id) ?? 0
  const began = performance.now()
  const facts = { messageId: envelope.id, key: envelope.key, attempt: failures + 1 }
  const ms = (): number => Math.round(performance.now() - began)
  try {
    await withDeadline(policy.deadlineMs, ground.stopping, (signal) =>
      policy.handler(decoded.payload, { ...facts, enqueuedAt: envelope.enqueuedAt, signal }),
    )
    ground.log.info({ ...facts, ms: ms() }, 'handled an event')
    return { kind: 'done' }
  } catch (error) {
    return afterError(error, { ...facts, ms: ms() }, policy, ground)
  }
}

function afterError(
  err: unknown,
  facts: { readonly messageId: string; readonly attempt: number; readonly ms: number },
  { maxTries, backoff }: Pick<Policy<Event>, 'maxTries' | 'backoff'>,
  { log, failures }: Ground,
): Outcome {
  if (err instanceof RetryLater) {
    log.debug({ ...facts, retryInMs: err.ms, reason: err.message }, 'an event waits')
    return { kind: 'later', ms: err.ms }
  }
  if (isDatabaseAway(err)) {
    log.warn({ ...facts, err }, 'an event waits for the database')
    return { kind: 'later', ms: backoff(1) }
  }
  failures.set(facts.messageId, facts.attempt)
  if (facts.attempt < maxTries) {
    const ms = backoff(facts.attempt)
    log.warn({ ...facts, err, retryInMs: ms }, 'an event failed')
    return { kind: 'later', ms }
  }
  log.error({ ...facts, err }, 'an event failed for the last time')
  return { kind: 'dead', reason: err instanceof Error ? err.message : String(err) }
}

async function settle(
  message: JsMsg,
  { id: messageId, key, json }: Envelope,
  outcome: Outcome,
  { durable, event, onAcknowledged }: Pick<Policy<Event>, 'durable' | 'event' | 'onAcknowledged'>,
  { db, failures, log }: Ground,
): Promise<void> {
  if (outcome.kind === 'later') {
    message.nak(Math.max(1, Math.ceil(outcome.ms)))
    return
  }
  if (outcome.kind === 'dead') {
    await keepDeadLetter(db, { durable, subject: event.subject, key, messageId, reason: outcome.reason, json })
    message.term() // without a reason: older servers ignore one that has it
    failures.delete(messageId)
    return
  }
  failures.delete(messageId)
  try {
    await message.ackAck({ timeout: ackMs })
  } catch (err) {
    log.debug({ err, messageId }, 'not acknowledged: when it comes again, its work is done')
    return
  }
  await onAcknowledged()
}

/** A handler that hangs keeps its event for ever, unless it is let go. */
async function withDeadline(
  ms: number,
  stopping: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const done = new AbortController()
  const overdue = new AbortController()
  const limit = pause(ms, undefined, { signal: done.signal }).then(
    () => {
      const error = new Error(`Expected the event to be handled within ${ms} ms`)
      overdue.abort(error)
      throw error
    },
    () => undefined, // handled in time
  )
  try {
    await Promise.race([work(AbortSignal.any([stopping, overdue.signal])), limit])
  } finally {
    done.abort()
  }
}
