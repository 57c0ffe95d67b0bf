import { parseArgs } from 'node:util'
import { chores } from '../services/janitor/all-chores.ts'
import { type Chore } from '../services/janitor/chore.ts'
import { readConfig } from '../services/janitor/config.ts'
import { runChore } from '../services/janitor/run-chore.ts'
import { openPool } from '../shared/db/pool.ts'
import { createLogger } from '../shared/runtime/logger.ts'
import { exitCodes, OperatorError } from '../shared/runtime/operator-error.ts'
import { openObjectStore } from '../shared/storage/object-store.ts'

const usage = `Usage: npm run chore -- <name> [--dry-run]

${chores.map(({ name, does }) => `  ${name.padEnd(24)} ${does}`).join('\n')}
`

function readArguments(): { chore: Chore; dryRun: boolean } {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { 'dry-run': { type: 'boolean' } } })
  const chore = chores.find(({ name }) => name === positionals[0])
  if (chore === undefined || positionals.length !== 1) throw new OperatorError(usage)
  return { chore, dryRun: values['dry-run'] === true }
}

async function main(): Promise<void> {
  const { chore, dryRun } = readArguments()
  const config = readConfig(process.env)
  const log = createLogger({ service: 'janitor', level: 'warn' })
  const db = openPool(config.database, log)
  const bucket = openObjectStore(config.storage, log)
  try {
    const found = (what: string): void => {
      console.log(`${dryRun ? 'would change' : 'changed'}  ${what}`)
    }
    const { dataDir, uploadsDir, retention, database } = config
    const { payoutMinCents } = config.money
    const { signal } = new AbortController()
    const deps = { db, log, signal, bucket, dataDir, uploadsDir, retention, database, payoutMinCents }
    const outcome = await runChore(deps, chore, { dryRun, found })
    if (outcome === undefined) throw new OperatorError(`Somebody is already running ${chore.name}`)
    const { checked, changed, failed, durationMs, error } = outcome
    console.log(`${chore.name}: ${checked} checked, ${changed} changed, ${failed} failed, ${durationMs} ms`)
    if (error !== null) throw new OperatorError(`${chore.name} failed: ${error}`)
  } finally {
    bucket.close()
    await db.end()
  }
}

try {
  await main()
} catch (error) {
  if (!(error instanceof OperatorError)) throw error
  console.error(error.message)
  process.exitCode = error.exitCode === exitCodes.configuration ? exitCodes.configuration : exitCodes.other
}
