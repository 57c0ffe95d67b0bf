import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
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
console.log('runs', process.env.PM2_HOME ?? '')
`

/** A project with this one script of ours, and such a program wherever it leads. */
async function aProject(t: TestContext, script: string): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'comptoir-npm-')))
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

type Run = { readonly said: string; readonly end: unknown[] }

/** Runs a script of a project by npm, and ends npm once it says that it runs. */
async function runAndEnd(folder: string, script: string, given: NodeJS.ProcessEnv = {}): Promise<Run> {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !['PM2_HOME', 'PORT'].includes(name)),
  )
  const path = `${dirname(process.execPath)}${delimiter}${inherited['PATH'] ?? ''}`
  const npm = spawn('npm', ['run', '--silent', script], {
    cwd: folder,
    env: { ...inherited, PATH: path, ...given },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(npm, 'exit')
  let said = ''
  for await (const part of npm.stdout) {
    said += String(part)
    if (/^runs.*\n$/.test(said)) npm.kill('SIGTERM')
  }
  return { said, end: await exited }
}

for (const script of ['start', 'services']) {
  test(`who ends npm ends what \`npm run ${script}\` started, in order`, async (t) => {
    const { said, end } = await runAndEnd(await aProject(t, script), script)
    assert.match(said, /^runs.*\nasked to stop\n$/)
    assert.deepEqual(end, [0, null])
  })
}

test('the services run under a pm2 of their own, not under one that runs something else', async (t) => {
  const folder = await aProject(t, 'services')
  const first = await runAndEnd(folder, 'services')
  const second = await runAndEnd(folder, 'services', { PORT: '9000' })
  const told = await runAndEnd(folder, 'services', { PM2_HOME: '/elsewhere' })
  const homes = [first, second, told].map(({ said }) => said.split('\n', 1)[0])
  assert.deepEqual(homes, [`runs ${folder}/.pm2/8000`, `runs ${folder}/.pm2/9000`, 'runs /elsewhere'])
})
