import assert from 'node:assert/strict'
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)
const entry = join(import.meta.dirname, 'main.ts')
const reset = join(import.meta.dirname, 'reset.ts')

/** What `npm start` runs, on a folder of the test. */
class Sandbox {
  readonly folder: string
  readonly child: ChildProcess
  #said = ''
  #heard = Promise.withResolvers<undefined>()

  constructor(folder: string) {
    this.folder = folder
    const env = { ...process.env, SANDBOX_DIR: folder, PORT: '18300' }
    this.child = spawn(process.execPath, [entry], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (bytes: Buffer) => {
        this.#said += bytes.toString()
        this.#heard.resolve(undefined)
        this.#heard = Promise.withResolvers<undefined>()
      })
    }
  }

  get said(): string {
    return this.#said
  }

  /** Waits until it has said this, and answers with what it matched. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    const ended = once(this.child, 'exit').then(() => 'ended' as const)
    for (;;) {
      const found = pattern.exec(this.#said)
      if (found !== null) return found
      if ((await Promise.race([this.#heard.promise, ended])) === 'ended' && !pattern.test(this.#said)) {
        throw new Error(`It ended without saying ${String(pattern)}:\n${this.#said}`)
      }
    }
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode
    const exited = once(this.child, 'exit')
    this.child.kill(signal)
    await exited
    return this.child.exitCode
  }
}

const resetOf = (folder: string) => run(process.execPath, [reset], { env: { ...process.env, SANDBOX_DIR: folder } })

/** A folder for sandboxes, which are all ended before it goes. */
async function aPlace(t: TestContext): Promise<{ folder: string; start: () => Sandbox }> {
  const folder = await mkdtemp('/var/tmp/comptoir-start-')
  const started: Sandbox[] = []
  t.after(async () => {
    await Promise.all(started.map((sandbox) => sandbox.end('SIGTERM')))
    await resetOf(folder)
  })
  const start = (): Sandbox => {
    const sandbox = new Sandbox(folder)
    started.push(sandbox)
    return sandbox
  }
  return { folder, start }
}

/** Every process that works for the folder: servers by their command line, services by what pm2 wrote down. */
async function processesOf(folder: string): Promise<string[]> {
  const { stdout } = await run('ps', ['-eo', 'pid=,args='])
  const pm2 = join(folder, 'pm2', 'pids')
  const files = existsSync(pm2) ? await readdir(pm2) : []
  const pids = await Promise.all(files.map((file) => readFile(join(pm2, file), 'utf8')))
  return stdout
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.includes(folder) || pids.includes(line.split(' ', 1)[0] ?? ''))
}

const ready = /Ready after/
const chat = /Chat +(http:\S+)/

test('npm start is used, refuses a second one on its folder, comes back after being killed, and leaves no process behind', async (t) => {
  const { folder, start } = await aPlace(t)
  const first = start()
  await first.says(ready)
  const [, address = ''] = await first.says(chat)
  const bots = (await (await fetch(`${address}/person/bots`)).json()) as { username: string }[]
  assert.equal(bots[0]?.username, 'comptoir_bot')
  assert.match(first.said, /Memory +\d+ MB/)
  const before = await processesOf(folder)
  assert.ok(before.length >= 6, `nats-server and five services run: ${before.join('\n')}`)

  await start().says(/it already runs on .+ \(process \d+\)\. Stop that one first\./)
  await assert.rejects(resetOf(folder), /The sandbox is running/)

  await first.end('SIGKILL')
  const again = start()
  await again.says(ready)
  const now = await processesOf(folder)
  assert.deepEqual(
    before.filter((line) => now.includes(line)),
    [],
  )
  assert.equal(await again.end('SIGINT'), 0)
  assert.match(again.said, /Stopping…\nStopped\./)
  assert.deepEqual(await processesOf(folder), [])

  const hasty = start()
  await hasty.says(/a shop with products/)
  assert.equal(await hasty.end('SIGINT'), 0)
  assert.deepEqual(await processesOf(folder), [])
})
