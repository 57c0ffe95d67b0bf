import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * `npm test`: every test, or those of the files and folders named: `npm test -- shared/db`. Options of `node --test`
 * pass through.
 */
const everything = ['services', 'shared', 'sandbox', 'scripts', 'test']
const given = process.argv.slice(2)
const options = given.filter((argument) => argument.startsWith('-'))
const places = given.filter((argument) => !argument.startsWith('-'))
const patterns = (places.length > 0 ? places : everything).map((place) =>
  place.endsWith('.ts') ? place : `${place.replace(/\/+$/, '')}/**/*.test.ts`,
)

const root = fileURLToPath(new URL('..', import.meta.url))
const began = Date.now()
const child = spawn(
  process.execPath,
  [
    '--test',
    '--test-global-setup=test/infra.ts',
    '--test-timeout=600000', // for what hangs: a slow machine may take its time
    '--import=./test/end.ts', // what a failed test left running must not hold up the run
    `--test-concurrency=${Math.min(6, Math.ceil(availableParallelism() * 1.5))}`, // many wait for a lease or a restart
    ...options,
    ...patterns,
  ],
  {
    stdio: 'inherit',
    cwd: root,
    // a third less work: hundreds of processes load the same files
    env: { NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled'), ...process.env },
  },
)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    child.kill(signal)
  })
}
child.on('exit', (code, signal) => {
  console.log(`${signal ?? (code === 0 ? 'passed' : 'failed')} after ${((Date.now() - began) / 1000).toFixed(1)} s`)
  process.exitCode = code ?? 1
})
