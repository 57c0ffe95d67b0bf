import { existsSync } from 'node:fs'
import { realpath, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pino } from 'pino'
import { endLeftoverFleet } from './fleet.ts'
import { endLeftover } from './infra/leftover.ts'
import { removeCluster } from './infra/postgres-cluster.ts'
import { tryLock } from './infra/process-lock.ts'

const folder = resolve(process.env['SANDBOX_DIR'] ?? join(import.meta.dirname, '..', '.sandbox'))
const log = pino({ enabled: false })

/** A sandbox that was killed may have left its servers on the folder that is about to go. */
async function endLeftovers(): Promise<void> {
  await endLeftoverFleet(folder, log)
  await endLeftover(join(folder, 'nats', 'nats.pid'), join(folder, 'nats', 'nats.conf'), 'SIGTERM', log)
  const home = join(folder, 'postgres', 'home')
  if (!existsSync(home)) return
  const cluster = join(await realpath(home), 'cluster')
  await endLeftover(join(cluster, 'postmaster.pid'), cluster, 'SIGQUIT', log)
}

const lock = await tryLock(join(folder, 'owner'))
if (lock.kind === 'taken') {
  console.error(`The sandbox is running (process ${lock.pid}); stop it first.`)
  process.exit(1)
}
await endLeftovers()
await removeCluster(join(folder, 'postgres'))
await rm(folder, { recursive: true, force: true })
console.log(`The sandbox's folder ${folder} is gone; the next npm start makes a new shop.`)
