import { setTimeout as pause } from 'node:timers/promises'
import {
  AckPolicy,
  type Consumer,
  type ConsumerMessages,
  DeliverPolicy,
  jetstream,
  jetstreamManager,
  JetStreamApiError,
  type JetStreamManager,
  type JsMsg,
  ReplayPolicy,
} from '@nats-io/jetstream'
import { nanos, type NatsConnection } from '@nats-io/transport-node'
import { type Logger } from 'pino'
import { type Event } from '../events/index.ts'
import { Complaint } from '../runtime/complaint.ts'
import { type BrokerConnection } from './broker-connection.ts'
import { ensureStreams, streamOf } from './streams.ts'

const ackWaitMs = 10_000
// what waits for its time counts as well: a small number here would let a few of those stop everything that comes after
const mostPending = 10_000
const pauseMs = 500
const requestMs = 3_000

export type Take = (message: JsMsg) => Promise<void>

export type ConsumerOptions = { readonly event: Event; readonly durable: string; readonly concurrency: number }

/**
 * One endless loop: streams, consumer, messages; whatever ends it, it begins again. A consumer left to itself dies
 * without a word when its broker is replaced. `take` resolves when there is room for another message.
 */
export async function keepConsuming(
  broker: BrokerConnection,
  options: ConsumerOptions,
  { log, stopping }: { readonly log: Logger; readonly stopping: AbortSignal },
  take: Take,
): Promise<void> {
  const complaint = new Complaint(log)
  while (!stopping.aborted) {
    try {
      const connection = await broker.whenConnected()
      if (connection !== undefined) await consumeOnce(connection, options, stopping, complaint, take)
    } catch (error) {
      complaint.about(error, 'consuming was interrupted')
    }
    await pause(pauseMs, undefined, { signal: stopping }).catch(() => undefined)
  }
}

async function consumeOnce(
  connection: NatsConnection,
  options: ConsumerOptions,
  stopping: AbortSignal,
  complaint: Complaint,
  take: Take,
): Promise<void> {
  const consumer = await openConsumer(connection, options)
  const messages = await consumer.consume({
    max_messages: options.concurrency,
    expires: 10_000,
    idle_heartbeat: 2_000,
    abort_on_missing_resource: true,
  })
  complaint.over('consuming again')
  const stop = (): void => {
    messages.stop()
  }
  stopping.addEventListener('abort', stop)
  if (stopping.aborted) stop()
  const watching = stopWhenSilent(messages)
  try {
    for await (const message of messages) await take(message)
  } finally {
    stopping.removeEventListener('abort', stop)
    stop()
    await watching
  }
}

/** The client would first wait out a whole pull before it looks again. */
async function stopWhenSilent(messages: ConsumerMessages): Promise<void> {
  for await (const { type } of messages.status()) {
    if (type === 'heartbeats_missed' || type === 'consumer_deleted') messages.stop()
  }
}

async function openConsumer(connection: NatsConnection, { event, ...options }: ConsumerOptions): Promise<Consumer> {
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: requestMs })
  await ensureStreams(manager)
  const stream = streamOf(event)
  await ensureConsumer(manager, stream, { event, ...options })
  return jetstream(connection, { timeout: requestMs }).consumers.get(stream, options.durable)
}

const alreadyThereOtherwise = [10013, 10105, 10148]

/** One filter and no metadata: 2.9 knows no more. No limit on deliveries: a limit turns a long outage into a loss. */
async function ensureConsumer(
  manager: JetStreamManager,
  stream: string,
  { event, durable }: ConsumerOptions,
): Promise<void> {
  const changeable = { ack_wait: nanos(ackWaitMs), max_deliver: -1, max_ack_pending: mostPending }
  try {
    await manager.consumers.add(stream, {
      durable_name: durable,
      filter_subject: event.subject,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      replay_policy: ReplayPolicy.Instant,
      ...changeable,
    })
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || !alreadyThereOtherwise.includes(error.code)) throw error
    await manager.consumers.update(stream, durable, changeable)
  }
}
