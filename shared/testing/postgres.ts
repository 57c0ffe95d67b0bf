import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'

/** Set by `npm test`, whose global set-up starts one PostgreSQL for the run. */
export const adminUrlVariable = 'COMPTOIR_TEST_POSTGRES'
export const keeperFolder = fileURLToPath(new URL('../../.cache/test-postgres', import.meta.url))
export const keeperAddress = `${keeperFolder}.url`
const keeper = fileURLToPath(new URL('keep-postgres.ts', import.meta.url))
const startWithinMs = 90_000

/**
 * A superuser's address of the PostgreSQL for tests. When a test file runs alone, the first one starts a server that
 * others find, and that ends by itself once nobody has used it for a while.
 */
export async function testPostgres(): Promise<string> {
  const given = process.env[adminUrlVariable]
  if (given !== undefined) return given
  return (await findKept()) ?? (await startKept())
}

async function findKept(): Promise<string | undefined> {
  const url = await readFile(keeperAddress, 'utf8').catch(() => undefined)
  return url !== undefined && (await answers(url)) ? url : undefined
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  try {
    await client.connect()
    return true
  } catch {
    return false // nobody there, or going away: the caller starts another
  } finally {
    await client.end()
  }
}

/** Several may start it at once: all but one keeper find the folder taken, and leave. */
async function startKept(): Promise<string> {
  const deadline = Date.now() + startWithinMs
  while (Date.now() < deadline) {
    const child = spawn(process.execPath, [keeper], { detached: true, stdio: 'ignore', env: keeperEnvironment() })
    const left = new Promise((resolve) => child.once('exit', resolve))
    child.unref()
    const url = await Promise.race([waitUntilKept(deadline), left.then(() => waitUntilKept(Date.now() + 5_000))])
    if (url !== undefined) return url
  }
  throw new Error(`No PostgreSQL for tests came up in ${startWithinMs} ms; run \`node ${keeper}\` to see why`)
}

async function waitUntilKept(deadline: number): Promise<string | undefined> {
  while (Date.now() < deadline) {
    const url = await findKept()
    if (url !== undefined) return url
    await pause(50)
  }
  return undefined
}

/** The test runner's own variables would make the keeper take itself for a test. */
function keeperEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NODE_')))
}
