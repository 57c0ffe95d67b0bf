import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import {
  adminAlert,
  coverReceived,
  deliveryRequested,
  type Event,
  fileReceived,
  mailSend,
  mediaMissing,
  noticeQueued,
  orderChanged,
  paymentConfirmed,
} from '../events/index.ts'

const days = 86_400_000
const megabytes = 1_048_576

type Stream = { readonly name: string; readonly events: readonly Event[]; readonly maxBytes: number }

/** Apart, so that a flood of pictures or alerts cannot stop a sale. */
export const streams: readonly Stream[] = [
  { name: 'ORDERS', events: [paymentConfirmed, deliveryRequested, orderChanged], maxBytes: 256 * megabytes },
  { name: 'MEDIA', events: [mediaMissing, fileReceived, coverReceived], maxBytes: 64 * megabytes },
  { name: 'ALERTS', events: [adminAlert], maxBytes: 16 * megabytes },
  { name: 'NOTICES', events: [noticeQueued], maxBytes: 64 * megabytes },
  { name: 'MAILS', events: [mailSend], maxBytes: 16 * megabytes },
]

/** The stream that carries an event. */
export function streamOf(event: Event): string {
  const stream = streams.find(({ events }) => events.some(({ subject }) => subject === event.subject))
  if (stream === undefined) throw new Error(`Expected ${event.subject} to belong to a stream, found none`)
  return stream.name
}

const alreadyThereOtherwise = 10058

/** Makes whatever streams are missing: after a wiped store, and on a new broker. */
export async function ensureStreams(manager: JetStreamManager): Promise<void> {
  for (const stream of streams) {
    const config = configOf(stream)
    try {
      await manager.streams.add(config)
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || error.code !== alreadyThereOtherwise) throw error
      await manager.streams.update(config.name, config)
    }
  }
}

function configOf({ name, events, maxBytes }: Stream) {
  return {
    name,
    subjects: events.map(({ subject }) => subject),
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    max_age: nanos(7 * days),
    max_bytes: maxBytes,
    duplicate_window: nanos(120_000),
    num_replicas: 1,
  } satisfies Partial<StreamConfig>
}
