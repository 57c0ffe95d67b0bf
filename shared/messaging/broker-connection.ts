import { setTimeout as pause } from 'node:timers/promises'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { type Logger } from 'pino'
import { Complaint } from '../runtime/complaint.ts'

const retryMs = 500
const closeWithinMs = 2_000

export type BrokerOptions = { readonly servers: readonly string[]; readonly name: string }

/**
 * A connection that is made again whenever it ends. The client's own reconnecting is off: it would keep subscriptions
 * alive whose consumers are gone, so everything that hangs on a connection ends with it and begins again.
 */
export class BrokerConnection {
  readonly #options: BrokerOptions
  readonly #log: Logger
  readonly #closing = new AbortController()
  readonly #keeping: Promise<void>
  #current: NatsConnection | undefined
  #next = Promise.withResolvers<NatsConnection>()

  constructor(options: BrokerOptions, log: Logger) {
    this.#options = options
    this.#log = log
    this.#keeping = this.#keepConnected()
  }

  /** The connection, or nothing while the broker is away. */
  get current(): NatsConnection | undefined {
    return this.#current
  }

  /** The connection as soon as there is one; undefined once this is closing. */
  async whenConnected(): Promise<NatsConnection | undefined> {
    if (this.#current !== undefined) return this.#current
    return Promise.race([this.#next.promise, untilAborted(this.#closing.signal)])
  }

  /** Does the broker answer right now? */
  async answers(withinMs: number): Promise<boolean> {
    const connection = this.#current
    if (connection === undefined) return false
    const done = new AbortController()
    const late = pause(withinMs, false, { signal: done.signal }).catch(() => false)
    const answer = connection.flush().then(
      () => true,
      () => false,
    )
    try {
      return await Promise.race([answer, late])
    } finally {
      done.abort()
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#keeping
  }

  async #keepConnected(): Promise<void> {
    const complaint = new Complaint(this.#log)
    while (!this.#closing.signal.aborted) {
      try {
        await this.#connectOnce(complaint)
      } catch (error) {
        complaint.briefly(error, 'no connection to NATS, events wait in the outbox')
      }
      await pause(retryMs, undefined, { signal: this.#closing.signal }).catch(() => undefined)
    }
  }

  /** Resolves or throws when the connection has ended. */
  async #connectOnce(complaint: Complaint): Promise<void> {
    const connection = await connect({
      servers: [...this.#options.servers],
      name: this.#options.name,
      reconnect: false,
      timeout: 3_000,
      pingInterval: 10_000,
      maxPingOut: 2,
    })
    const leave = (): void => void drain(connection)
    this.#closing.signal.addEventListener('abort', leave)
    if (this.#closing.signal.aborted) leave()
    this.#current = connection
    this.#next.resolve(connection)
    complaint.over('connected to NATS again')
    try {
      const error = await connection.closed()
      if (!this.#closing.signal.aborted) throw error ?? new Error('The connection to NATS was closed')
    } finally {
      this.#closing.signal.removeEventListener('abort', leave)
      this.#current = undefined
      this.#next = Promise.withResolvers()
    }
  }
}

/** What was written reaches the broker, unless it does not answer. */
async function drain(connection: NatsConnection): Promise<void> {
  const done = new AbortController()
  const cut = pause(closeWithinMs, undefined, { signal: done.signal }).then(
    () => connection.close(),
    () => undefined,
  )
  // refused when the connection is ending by itself
  await Promise.race([connection.drain().catch(() => connection.close()), cut])
  done.abort()
}

function untilAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    signal.addEventListener('abort', () => {
      resolve(undefined)
    })
  })
}
