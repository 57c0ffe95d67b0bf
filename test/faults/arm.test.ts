import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { bareEnvironment } from '../bare-environment.ts'

const arm = fileURLToPath(new URL('arm.ts', import.meta.url))
const failpointModule = new URL('../../shared/runtime/failpoint.ts', import.meta.url).href
const program = `
  import { failpoint } from '${failpointModule}'
  setTimeout(() => process.exit(9), 300)
  for (let time = 1; time <= 3; time += 1) {
    await failpoint('ipn.kept')
    await failpoint('ipn.recorded')
    console.log(time)
  }
  process.exit(0)`

function run(t: TestContext, failpoint: string | undefined, times = 1) {
  const folder = mkdtempSync(join(tmpdir(), 'comptoir-arm-'))
  t.after(() => {
    rmSync(folder, { recursive: true })
  })
  const report = join(folder, 'report')
  const env = {
    ...bareEnvironment,
    FAILPOINT_REPORT: report,
    ...(failpoint === undefined ? {} : { FAILPOINT: failpoint }),
  }
  const args = ['--import', arm, '--input-type=module', '--eval', program]
  const runs = Array.from({ length: times }, () => spawnSync(process.execPath, args, { env, encoding: 'utf8' }))
  return { runs, read: () => readFileSync(report, 'utf8'), stdout: runs.map(({ stdout }) => stdout) }
}

test('a service without an armed failpoint runs as if there were none', (t) => {
  assert.deepEqual(run(t, undefined).stdout, ['1\n2\n3\n'])
})

test('an armed failpoint kills, throws or hangs where it stands, and reports that it was reached', (t) => {
  const killed = run(t, 'ipn.recorded:kill')
  assert.deepEqual([killed.runs[0]?.signal, killed.stdout[0], killed.read()], ['SIGKILL', '', 'ipn.recorded:kill\n'])
  const thrown = run(t, 'ipn.recorded:throw:2')
  assert.deepEqual([thrown.runs[0]?.status, thrown.stdout[0], thrown.read()], [1, '1\n', 'ipn.recorded:throw\n'])
  const hung = run(t, 'ipn.recorded:hang')
  assert.deepEqual([hung.runs[0]?.status, hung.stdout[0], hung.read()], [9, '', 'ipn.recorded:hang\n'])
})

test('a service that is started again after its fault lives', (t) => {
  const { runs, stdout } = run(t, 'ipn.recorded:kill', 2)
  assert.deepEqual([runs[0]?.signal, runs[1]?.status, stdout[1]], ['SIGKILL', 0, '1\n2\n3\n'])
})

test('a failpoint nobody knows is refused, so that no run passes by mistake', (t) => {
  assert.equal(run(t, 'ipn.nowhere:kill').runs[0]?.status, 1)
  assert.equal(run(t, 'ipn.recorded:explode').runs[0]?.status, 1)
})
