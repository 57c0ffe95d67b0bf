import { JetStreamError, jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { z } from 'zod'
import { streams } from './streams.ts'

/** What an operator should know of the broker, without changing it. `sync`: what its monitoring port says, if it has one. */
export type BrokerFacts =
  | { readonly kind: 'unreachable' | 'refused' | 'no jetstream'; readonly reason: string }
  | {
      readonly kind: 'ok'
      readonly version: string
      readonly missingStreams: readonly string[]
      readonly sync: 'always' | 'unknown' | { readonly everySeconds: number }
    }

const monitoringPort = 8222

export async function examineBroker(servers: readonly string[]): Promise<BrokerFacts> {
  let connection: NatsConnection
  try {
    connection = await connect({ servers: [...servers], name: 'doctor', reconnect: false, timeout: 4_000 })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const isRefused = error instanceof Error && /authoriz|authentic|permission/i.test(`${error.name} ${error.message}`)
    return { kind: isRefused ? 'refused' : 'unreachable', reason }
  }
  try {
    return await examine(connection, servers)
  } finally {
    await connection.close()
  }
}

async function examine(connection: NatsConnection, servers: readonly string[]): Promise<BrokerFacts> {
  const version = connection.info?.version ?? 'of unknown version'
  try {
    const manager = await jetstreamManager(connection, { timeout: 4_000 })
    const found = await manager.streams.names().next()
    const missingStreams = streams.map(({ name }) => name).filter((name) => !found.includes(name))
    return { kind: 'ok', version, missingStreams, sync: await syncOf(servers) }
  } catch (error) {
    const isOff = error instanceof JetStreamError || (error instanceof Error && error.name === 'JetStreamNotEnabled')
    if (isOff) return { kind: 'no jetstream', reason: error.message }
    throw error
  }
}

const monitored = z.object({
  jetstream: z.object({
    config: z.object({ sync_interval: z.number().optional(), sync_always: z.boolean().optional() }),
  }),
})

/** Only the monitoring port tells, and it is often not to be reached from here. */
async function syncOf(servers: readonly string[]): Promise<'always' | 'unknown' | { everySeconds: number }> {
  const [first = ''] = servers
  try {
    const { hostname } = new URL(first)
    const answer = await fetch(`http://${hostname}:${monitoringPort}/varz`, { signal: AbortSignal.timeout(2_000) })
    const { sync_always: always, sync_interval: nanoseconds } = monitored.parse(await answer.json()).jetstream.config
    if (always === true) return 'always'
    return nanoseconds === undefined ? 'unknown' : { everySeconds: Math.round(nanoseconds / 1e9) }
  } catch {
    return 'unknown' // nobody there, or another server than ours
  }
}
