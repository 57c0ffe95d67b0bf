import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { type Closing } from '../sandbox/infra/closing.ts'
import { startPostgres } from '../sandbox/infra/postgres.ts'
import { type ServiceName, startWorld, type World, type WorldOptions } from '../sandbox/world.ts'
import { migrate } from '../shared/db/migrate.ts'
import { databaseFromUrl } from '../shared/runtime/settings.ts'
import { asUnderPm2 } from '../test/faults/as-under-pm2.ts'
import { services, untilReady } from '../test/faults/processes.ts'
import { startProcess } from '../test/faults/service-process.ts'

export type Outside = { readonly world: World; readonly databaseUrl: string; readonly folder: string }

/** What a bench begins with: PostgreSQL as durable as in production, and the outside world. No service runs yet. */
export async function openOutside(
  closing: Closing,
  options: Pick<WorldOptions, 'products' | 'environment'> = {},
): Promise<Outside> {
  const folder = closing.add(await mkdtemp(join(tmpdir(), 'comptoir-bench-')), (path) =>
    rm(path, { recursive: true, force: true }),
  )
  const postgres = closing.add(await startPostgres({ dataDir: join(folder, 'postgres') }), (server) => server.remove())
  await postgres.ensureDatabase('comptoir')
  const databaseUrl = postgres.url('comptoir')
  const database = databaseFromUrl(databaseUrl)
  await migrate(database, pino({ enabled: false }))
  const world = await startWorld({ database, products: [], ...options, without: services })
  closing.after(() => world.close())
  return { world, databaseUrl, folder }
}

/**
 * One service as a process with the flags pm2 gives it, until what is returned is called, or everything is closed. It tells
 * warnings only: here each line would cost twice.
 */
export async function startService(
  closing: Closing,
  { environment, publicUrl }: World,
  name: ServiceName,
  changes: Readonly<Record<string, string>> = {},
): Promise<() => Promise<void>> {
  const { port } = new URL(name === 'ipn' ? publicUrl : (environment[`${name.toUpperCase()}_URL`] ?? ''))
  const { flags, environment: pm2 } = await asUnderPm2()
  const service = startProcess(name, { ...environment, ...pm2, PORT: port, LOG_LEVEL: 'warn', ...changes }, flags)
  const stop = async (): Promise<void> => {
    service.signal('SIGTERM')
    await service.ended
  }
  closing.after(stop)
  await untilReady(Number(port))
  return stop
}
