import { setTimeout as pause } from 'node:timers/promises'
import { type JetStreamClient, jetstream, jetstreamManager, type JsMsg } from '@nats-io/jetstream'
import { type NatsConnection } from '@nats-io/transport-node'
import { type Logger } from 'pino'
import { type Database } from '../db/pool.ts'
import { type Event } from '../events/index.ts'
import { BrokerConnection } from './broker-connection.ts'
import { keepConsuming } from './consumer.ts'
import { type Envelope, headersOf } from './envelope.ts'
import { type EventHandler, handleMessage, keepAlive, type Policy } from './handle-message.ts'
import { Slots } from './slots.ts'
import { ensureStreams, streams } from './streams.ts'

export { type EventHandler, type EventMeta } from './handle-message.ts'

const publishMs = 5_000
const defaultDeadlineMs = 120_000
const finishWithinMs = 10_000
// long enough for our own open request to be gone, or the broker may answer that with it
const giveBackMs = 500
const rememberedFailures = 10_000
// taken from the broker and kept alive while they wait for one of those who work
const handsPerWorker = 4

export type SubscribeOptions = {
  /** `<service>-<subject with dashes>`. */
  readonly durable: string
  /** Events handled at once: 4 unless told. */
  readonly concurrency?: number
  /** Failures before an event becomes a dead letter: 12 unless told. */
  readonly maxTries?: number
  /** The pause after the nth failure, in ms: from 1 s to 1 min unless told. */
  readonly backoff?: (failures: number) => number
  /** How long one event may take: 2 min unless told. */
  readonly deadlineMs?: number
  /** Called once the broker knows that an event is done. */
  readonly onAcknowledged?: () => Promise<void>
}

export type BusOptions = {
  readonly servers: readonly string[]
  /** The service's name, as the broker shows it. */
  readonly name: string
  readonly db: Database
  readonly log: Logger
}

/** Never waits for the broker: it may be away. */
export const openBus = (options: BusOptions): Bus => new Bus(options)

/** Carries events. What comes too late, twice, or out of order is the handlers' to bear; what gets lost is the sweep's. */
export class Bus {
  readonly #db: Database
  readonly #log: Logger
  readonly #broker: BrokerConnection
  readonly #stopping = new AbortController()
  readonly #loops: Promise<void>[] = []
  readonly #inHand = new Set<Promise<void>>()
  #ready: { readonly connection: NatsConnection; readonly client: Promise<JetStreamClient> } | undefined

  constructor({ servers, name, db, log }: BusOptions) {
    this.#db = db
    this.#log = log.child({ module: 'messaging' })
    this.#broker = new BrokerConnection({ servers, name }, this.#log)
  }

  get isConnected(): boolean {
    return this.#broker.current !== undefined
  }

  /** Does the broker answer right now? */
  answers(withinMs = 1_000): Promise<boolean> {
    return this.#broker.answers(withinMs)
  }

  /** For the relay alone: everybody else enqueues. Throws unless the broker has the event on its disk. */
  async publish(envelope: Envelope): Promise<void> {
    const client = await this.#client()
    try {
      const options = { headers: headersOf(envelope), msgID: envelope.id, timeout: publishMs }
      await client.publish(envelope.subject, JSON.stringify(envelope.json), options)
    } catch (error) {
      this.#ready = undefined // perhaps the streams are gone: look again before the next one
      throw error
    }
  }

  /** Handles every event of a kind, from now until the bus is closed. */
  subscribe<E extends Event>(event: E, options: SubscribeOptions, handler: EventHandler<E>): void {
    const { durable, concurrency = 4 } = options
    const log = this.#log.child({ subject: event.subject, durable })
    const policy: Policy<E> = {
      event,
      durable,
      handler,
      maxTries: options.maxTries ?? 12,
      backoff: options.backoff ?? growingPause,
      deadlineMs: options.deadlineMs ?? defaultDeadlineMs,
      onAcknowledged: options.onAcknowledged ?? (() => Promise.resolve()),
    }
    const slots = new Slots(concurrency)
    const ground = { db: this.#db, log, stopping: this.#stopping.signal, failures: new Map<string, number>() }
    const inHand = new Set<Promise<void>>()
    const take = async (message: JsMsg): Promise<void> => {
      if (ground.failures.size > rememberedFailures) ground.failures.clear()
      this.#keep(
        this.#handle(message, slots, () => handleMessage(message, policy, ground)),
        inHand,
      )
      while (inHand.size >= concurrency * handsPerWorker) await Promise.race(inHand)
    }
    this.#loops.push(
      keepConsuming(this.#broker, { event, durable, concurrency }, { log, stopping: this.#stopping.signal }, take),
    )
  }

  /** How many events consumers have still to handle, those between two tries included. Throws when the broker is away. */
  async countWaiting(): Promise<number> {
    const connection = this.#broker.current
    if (connection === undefined) throw new Error('Expected a connection to NATS, there is none')
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: publishMs })
    await ensureStreams(manager)
    let waiting = 0
    for (const { name } of streams) {
      for await (const { num_pending, num_ack_pending } of manager.consumers.list(name)) {
        waiting += num_pending + num_ack_pending
      }
    }
    return waiting
  }

  /** Takes nothing new, lets what is in hand finish, and leaves the broker. */
  async close(): Promise<void> {
    this.#stopping.abort()
    const done = new AbortController()
    const limit = pause(finishWithinMs, undefined, { signal: done.signal }).catch(() => undefined)
    await Promise.race([Promise.all([...this.#loops, ...this.#inHand]), limit])
    done.abort()
    await this.#broker.close()
  }

  #keep(work: Promise<void>, inHand: Set<Promise<void>>): void {
    for (const all of [this.#inHand, inHand]) {
      all.add(work)
      void work.finally(() => all.delete(work))
    }
  }

  /** Taken at once and kept alive, then it waits for its turn: else it would be given to others meanwhile. */
  async #handle(message: JsMsg, slots: Slots, work: () => Promise<void>): Promise<void> {
    const letGo = keepAlive(message)
    try {
      await slots.run(async () => {
        if (this.#stopping.signal.aborted) message.nak(giveBackMs)
        else await work()
      })
    } catch (err) {
      this.#log.debug({ err }, 'an event could not be given back')
    } finally {
      letGo()
    }
  }

  async #client(): Promise<JetStreamClient> {
    const connection = this.#broker.current
    if (connection === undefined) throw new Error('Expected a connection to NATS, there is none')
    if (this.#ready?.connection !== connection) this.#ready = { connection, client: prepare(connection) }
    try {
      return await this.#ready.client
    } catch (error) {
      this.#ready = undefined
      throw error
    }
  }
}

async function prepare(connection: NatsConnection): Promise<JetStreamClient> {
  await ensureStreams(await jetstreamManager(connection, { checkAPI: false, timeout: publishMs }))
  return jetstream(connection, { timeout: publishMs })
}

/** 1 s, 2 s, 4 s … 1 min, a little apart from each other. */
const growingPause = (failures: number): number =>
  Math.min(60_000, 1_000 * 2 ** (failures - 1)) * (0.8 + Math.random() * 0.4)
