import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { services } from '../sandbox/fleet.ts'
import { exitCodes } from '../shared/runtime/operator-error.ts'

const root = resolve(import.meta.dirname, '..')

test('services whose variables are wrong are not started again, and pm2 leaves once none is left', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'comptoir-pm2-stops-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const starts = join(folder, 'starts')
  // our five as they are, but for what they run: that leaves at once, as a service does whose variables are wrong
  const program = `require('fs').appendFileSync(${JSON.stringify(starts)}, process.env.name + '\\n')
process.exit(${exitCodes.configuration})`
  await writeFile(join(folder, 'leave.cjs'), program)
  const apps = `const { apps } = require(${JSON.stringify(join(root, 'ecosystem.config.js'))})
exports.apps = apps.map((app) => ({ ...app, script: ${JSON.stringify(join(folder, 'leave.cjs'))} }))`
  await writeFile(join(folder, 'ecosystem.config.cjs'), apps)

  const pm2 = spawn(
    process.execPath,
    [join(root, 'node_modules/pm2/bin/pm2-runtime'), 'start', join(folder, 'ecosystem.config.cjs')],
    {
      cwd: folder,
      env: { ...process.env, PM2_HOME: join(folder, 'pm2'), PM2_CONCURRENT_ACTIONS: '5' },
      stdio: 'ignore',
    },
  )
  t.after(() => pm2.kill('SIGKILL'))
  // not its exit code: two of pm2's own handlers race to leave, one with 2 and one with 0
  const [, signal] = (await once(pm2, 'exit', { signal: AbortSignal.timeout(60_000) })) as [unknown, string | null]
  assert.equal(signal, null, 'pm2 left by itself')
  const started = (await readFile(starts, 'utf8')).trimEnd().split('\n')
  assert.deepEqual(started.sort(), [...services].sort(), 'each was started once')
})
