import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { tryLock } from './infra/process-lock.ts'

const folder = resolve(process.env['SANDBOX_DIR'] ?? join(import.meta.dirname, '..', '.sandbox'))

const lock = await tryLock(join(folder, 'postgres', 'owner')).catch(() => undefined)
if (lock?.kind === 'taken') {
  console.error(`The sandbox is running (process ${lock.pid}); stop it first.`)
  process.exit(1)
}
await rm(folder, { recursive: true, force: true })
console.log(`The sandbox's folder ${folder} is gone; the next npm start makes a new shop.`)
