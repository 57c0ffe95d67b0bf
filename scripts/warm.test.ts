import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'

type App = { readonly script: string; readonly node_args: string }

const root = resolve(import.meta.dirname, '..')
const { apps } = (await import(join(root, 'ecosystem.config.js'))) as { apps: readonly App[] }
const folder = await mkdtemp(join(tmpdir(), 'comptoir-warm-'))
after(() => rm(folder, { recursive: true, force: true }))

const run = (args: readonly string[], cache: string) =>
  promisify(execFile)(process.execPath, args, { cwd: root, env: { ...process.env, NODE_COMPILE_CACHE: cache } })

const sources = apps.map(({ script }) => `./${script.replace('main.ts', 'service.ts')}`)

/** Whether a process that is started as pm2 starts ours, and loads this, needs the stripper of types. */
async function stripsTypes(files: readonly string[], cache: string): Promise<boolean> {
  const program = `for (const file of ${JSON.stringify(files)}) await import(file)
    console.log(process.moduleLoadList.some((name) => name.includes('deps/amaro')))
    process.exit(0)`
  const flags = (apps[0]?.node_args ?? '').split(' ')
  const { stdout } = await run([...flags, '--input-type=module', '--eval', program], cache)
  return stdout === 'true\n'
}

test('after the warming no service loads the stripper of types: everything of all five was kept', async () => {
  const cache = join(folder, 'cache')
  await run(['scripts/warm.ts'], cache)
  assert.equal(sources.length, 5)
  assert.equal(await stripsTypes(sources, cache), false)
  assert.equal(
    await stripsTypes(['./shared/runtime/monitor.ts'], join(folder, 'empty')),
    true,
    'a file that was not kept needs it',
  )
})

/** Each takes megabytes, and is for some moments of some services. */
const rare =
  /^(ajv|fast-json-stringify-compiler|fontkit|nodemailer|node-pg-migrate|pngjs|prom-client\/index|qrcode|sharp|tx2)\b/

test('no service loads at its start what only a rare moment needs', async () => {
  const program = `import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({
      load(url, context, next) {
        loaded.push(url.split('/node_modules/').at(-1).replace(/^@fastify./, ''))
        return next(url, context)
      },
    })
    for (const file of ${JSON.stringify(sources)}) await import(file)
    console.log(JSON.stringify(loaded))
    process.exit(0)`
  const { stdout } = await run(['--input-type=module', '--eval', program], join(folder, 'cache'))
  const loaded = JSON.parse(stdout) as string[]
  assert.ok(loaded.includes('fastify/fastify.js') && loaded.includes('prom-client/lib/gauge.js'))
  assert.deepEqual(
    loaded.filter((path) => rare.test(path)),
    [],
  )
})
