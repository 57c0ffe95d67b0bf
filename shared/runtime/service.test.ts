import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test, type TestContext } from 'node:test'

const runtime = new URL('.', import.meta.url).href

type Line = { readonly level: string; readonly msg: string }

/** Runs a service written for one test as a process of its own. */
async function run(t: TestContext, body: string, env: NodeJS.ProcessEnv = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'comptoir-service-'))
  const main = join(folder, 'main.mjs')
  await writeFile(
    main,
    `import { runService } from '${runtime}service.ts'
     import { OperatorError } from '${runtime}operator-error.ts'
     import { readEnvironment } from '${runtime}environment.ts'
     import { nonEmpty } from '${runtime}setting-kinds.ts'
     const readConfig = (env) => readEnvironment(env, (read) => ({ needed: read.required('NEEDED', nonEmpty) }))
     const service = async ({ config, log, own, name, stopping, fail }) => { ${body} }
     await runService('test', service, readConfig)`,
  )
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env['PATH'], NEEDED: 'yes', ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  t.after(async () => {
    child.kill('SIGKILL')
    await rm(folder, { recursive: true })
  })
  return { child, lines: readLines(child), exit: once(child, 'exit') as Promise<[number | null, string | null]> }
}

function readLines(child: ChildProcess): { until: (msg: RegExp) => Promise<Line>; seen: Line[] } {
  const seen: Line[] = []
  assert.ok(child.stdout !== null)
  const reader = createInterface(child.stdout)
  reader.on('line', (text) => seen.push(JSON.parse(text) as Line))
  const until = async (pattern: RegExp): Promise<Line> => {
    for (;;) {
      const found = seen.find(({ msg }) => pattern.test(msg))
      if (found !== undefined) return found
      await once(reader, 'line', { signal: AbortSignal.timeout(60_000) })
    }
  }
  return { until, seen }
}

const stayOpen = `own(setInterval(() => {}, 1000), clearInterval);`

test('a service says that it is ready, and stops in order when it is asked to', async (t) => {
  const { child, lines, exit } = await run(
    t,
    `${stayOpen}
     own('pool', () => log.info('pool closed'))
     own('server', () => log.info(stopping.aborted ? 'server closed' : 'closed too early'))`,
  )
  assert.deepEqual((await once(child, 'message'))[0], 'ready')
  child.kill('SIGTERM')
  assert.deepEqual(await exit, [0, null])
  await lines.until(/stopped/)
  const closed = lines.seen.map(({ msg }) => msg).filter((msg) => msg.includes('closed'))
  assert.deepEqual(closed, ['server closed', 'pool closed'])
})

test('one resource that does not close does not keep the others open, and is told', async (t) => {
  const { child, lines, exit } = await run(
    t,
    `${stayOpen}
     own('pool', () => log.info('pool closed'))
     own('server', () => { throw new Error('stuck') })`,
  )
  await once(child, 'message')
  child.kill('SIGINT')
  assert.deepEqual(await exit, [1, null])
  await lines.until(/pool closed/)
})

test('a second signal ends a service that does not come to an end', async (t) => {
  const { child, lines, exit } = await run(t, `${stayOpen} own('server', () => new Promise(() => {}))`)
  await once(child, 'message')
  const impatience = setInterval(() => child.kill('SIGTERM'), 50)
  t.after(() => {
    clearInterval(impatience)
  })
  assert.deepEqual(await exit, [1, null])
  await lines.until(/asked to stop twice/)
})

test('one Ctrl-C that a service hears of twice lets it stop in order', async (t) => {
  const { child, lines, exit } = await run(
    t,
    `${stayOpen}
     own('pool', () => log.info('pool closed'))
     own('server', () => new Promise((closed) => setTimeout(closed, 100)))`,
  )
  await once(child, 'message')
  child.kill('SIGINT')
  child.kill('SIGTERM')
  assert.deepEqual(await exit, [0, null])
  await lines.until(/pool closed/)
})

test('a service leaves in order when pm2, which started it, is no more', async (t) => {
  const { child, lines, exit } = await run(t, `${stayOpen} own('pool', () => log.info('pool closed'))`, { pm_id: '0' })
  await lines.until(/^ready$/)
  child.disconnect()
  assert.deepEqual(await exit, [0, null])
  await lines.until(/pool closed/)
})

test('a service can be stopped while it still starts', async (t) => {
  const { child, lines, exit } = await run(
    t,
    `${stayOpen}
     own('pool', () => log.info('pool closed'))
     log.info('waiting')
     await new Promise((resolve) => stopping.addEventListener('abort', resolve))
     own('late', () => log.info('late closed'))`,
  )
  await lines.until(/waiting/)
  child.kill('SIGTERM')
  assert.deepEqual(await exit, [0, null])
  await lines.until(/pool closed/)
})

test('a service with a wrong configuration says so in one line and leaves with 78', async (t) => {
  const { lines, exit } = await run(t, stayOpen, { NEEDED: '' })
  assert.deepEqual(await exit, [78, null])
  const line = await lines.until(/NEEDED is missing/)
  assert.equal(line.level, 'fatal')
  assert.equal('err' in line, false)
})

test("what only the operator can put right is told without a stack, with the error's own code", async (t) => {
  const { lines, exit } = await run(t, `throw new OperatorError('Port 80 is taken', { exitCode: 69 })`)
  assert.deepEqual(await exit, [69, null])
  const line = await lines.until(/^Port 80 is taken$/)
  assert.equal('err' in line, false)
})

for (const [what, code] of [
  ['an error nobody caught', `setTimeout(() => { throw new Error('oops') }, 1)`],
  ['a rejection nobody caught', `setTimeout(() => { void Promise.reject(new Error('oops')) }, 1)`],
  ['a failure of something started', `setTimeout(() => fail(new Error('oops')), 1)`],
] as const) {
  test(`${what} ends the service in order, with code 1`, async (t) => {
    const { lines, exit } = await run(t, `${stayOpen} own('pool', () => log.info('pool closed')); ${code}`)
    assert.deepEqual(await exit, [1, null])
    assert.equal((await lines.until(/cannot go on/)).level, 'fatal')
    await lines.until(/pool closed/)
  })
}
