import { type FastifyInstance } from 'fastify'
import { type Logger } from 'pino'
import { listSilentServices } from '../db/heartbeats.ts'
import { oldestUnsentSeconds } from '../db/outbox.ts'
import { type Database, isDatabaseAway } from '../db/pool.ts'
import { type Bus } from '../messaging/bus.ts'
import { type Figures } from '../runtime/figures.ts'
import { type Check, reportHealth } from '../runtime/health.ts'
import { type WebConfig } from '../runtime/settings.ts'
import { createServer } from './http-server.ts'

export type ServiceServerOptions = {
  readonly config: WebConfig
  readonly log: Logger
  readonly name: string
  readonly version: string
  readonly db: Database
  readonly bus: Bus
  readonly figures: Figures
  /** What else this service needs, and can be degraded by. */
  readonly checks?: readonly Check[]
}

const services = ['bot', 'ipn', 'delivery', 'media', 'janitor']
/** An event that waits longer than this is worth saying, though nothing is lost. */
const oldOutboxSeconds = 60

/** The HTTP side of a service: it tells whether PostgreSQL and NATS answer, how old the outbox is, and who is silent. */
export function createServiceServer({
  config,
  log,
  name,
  version,
  db,
  bus,
  figures,
  checks: own = [],
}: ServiceServerOptions): Promise<FastifyInstance> {
  const checks: Check[] = [
    { name: 'database', isVital: true, look: async () => ({ ok: (await db.query('select')).rowCount === 1 }) },
    { name: 'nats', isVital: false, look: async () => ({ ok: await bus.answers() }) },
    { name: 'outbox', isVital: false, look: () => lookAtOutbox(db) },
    { name: 'services', isVital: false, look: () => lookForSilent(db) },
    ...own,
  ]
  return createServer({
    log,
    health: () => reportHealth({ service: name, version }, checks),
    isAway: isDatabaseAway,
    metricsToken: config.metricsToken,
    figures,
  })
}

/**
 * Owned twice: right after its making, for a start that fails, and as the last thing of a start, so that a service stops
 * taking requests before it finishes what is in hand. Closing again does nothing.
 */
export const stopTaking = (server: FastifyInstance): Promise<undefined> => server.close()

async function lookAtOutbox(db: Database) {
  const seconds = await oldestUnsentSeconds(db)
  return { ok: seconds < oldOutboxSeconds, detail: seconds }
}

async function lookForSilent(db: Database) {
  const silent = await listSilentServices(db, services)
  return { ok: silent.length === 0, detail: silent }
}
