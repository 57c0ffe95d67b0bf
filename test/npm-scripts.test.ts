import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { test, type TestContext } from 'node:test'

const root = resolve(import.meta.dirname, '..')

/** Instead of what a script starts: says that it runs and that it was asked to stop; forgotten, it leaves after a while. */
const program = `#!/usr/bin/env node
process.on('SIGTERM', () => {
  console.log('asked to stop')
  process.exit(0)
})
setTimeout(() => process.exit(3), 10_000)
console.log('runs')
`

/** A project with this one script of ours, and such a program wherever it leads. */
async function aProject(t: TestContext, script: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'comptoir-npm-'))
  t.after(() => rm(folder, { recursive: true }))
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify({ scripts: { [script]: scripts[script] } }))
  for (const path of ['sandbox/main.ts', 'node_modules/.bin/pm2-runtime']) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), program, { mode: 0o755 })
  }
  return folder
}

for (const script of ['start', 'services']) {
  test(`who ends npm ends what \`npm run ${script}\` started, in order`, { timeout: 60_000 }, async (t) => {
    const npm = spawn('npm', ['run', '--silent', script], {
      cwd: await aProject(t, script),
      env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exited = once(npm, 'exit')
    let said = ''
    for await (const part of npm.stdout) {
      said += String(part)
      if (said === 'runs\n') npm.kill('SIGTERM')
    }
    assert.equal(said, 'runs\nasked to stop\n')
    assert.deepEqual(await exited, [0, null])
  })
}
