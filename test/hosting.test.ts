import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { load } from 'js-yaml'
import { readConfig as bot } from '../services/bot/config.ts'
import { readConfig as delivery } from '../services/delivery/config.ts'
import { readConfig as ipn } from '../services/ipn/config.ts'
import { readConfig as janitor } from '../services/janitor/config.ts'
import { readConfig as media } from '../services/media/config.ts'
import { operatorSettings } from '../shared/testing/an-operator.ts'

const readers = { bot, delivery, ipn, janitor, media }

type ComposeService = {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly volumes?: readonly string[]
  readonly ports?: readonly string[]
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean }
  readonly restart: string
  readonly stop_grace_period: string
  readonly read_only?: boolean
  readonly container_name?: string
  readonly build?: string
}

type Compose = {
  readonly services: Readonly<Record<string, ComposeService>>
  readonly volumes: Readonly<Record<string, unknown>>
}

const compose = load(await readFile('docker-compose.yml', 'utf8')) as Compose
const dockerfile = await readFile('Dockerfile', 'utf8')
const ours = Object.keys(readers) as (keyof typeof readers)[]

/** What an operator writes into .env, by the lines of .env.example that have no default. */
const secrets: Readonly<Record<string, string>> = {
  POSTGRES_PASSWORD: 'a/password?of#the%shop@home',
  ...operatorSettings,
}

/** What may stand in that .env for the commands outside the containers. */
const elsewhere = { DATABASE_URL: 'postgres://shop@db.example/shop', PGHOST: 'db.example', PGPORT: '6543' }

const filledIn = (text: string): string =>
  text.replaceAll(/\$\{(\w+)(?::[-?]([^}]*))?\}/g, (_whole, name: string, other = '') => secrets[name] ?? String(other))

test('each service of the compose file starts with what the file and .env give it', () => {
  for (const name of ours) {
    const { environment = {}, command = [] } = compose.services[name] ?? assert.fail(`no service ${name}`)
    const given = Object.entries(environment).map(([key, value]) => [key, filledIn(value)] as const)
    const config = readers[name]({ ...secrets, ...elsewhere, ...Object.fromEntries(given) })
    const { host, port, database, user, password } = config.database
    assert.deepEqual([host, port, database, user], ['postgres', 5432, 'comptoir', 'comptoir'])
    assert.equal(password, secrets['POSTGRES_PASSWORD'])
    assert.ok(config.nats.servers.every((server) => server.includes('nats:4222')))
    assert.equal(command.at(-1), `services/${name}/main.ts`)
  }
  const { environment = {} } = compose.services['ipn'] ?? assert.fail()
  const { forward } = ipn({ ...secrets, ...environment, DATABASE_URL: 'postgres://a@b/c' })
  for (const [name, address] of Object.entries(forward)) assert.equal(address, `http://${name}:8000`)
})

test('nothing of the compose file starts before what it needs, and everything is stopped with patience', () => {
  for (const [name, service] of Object.entries(compose.services)) {
    for (const [needed, { condition }] of Object.entries(service.depends_on ?? {})) {
      assert.ok(Object.hasOwn(compose.services, needed), `${name} needs ${needed}`)
      const isOnce = compose.services[needed]?.restart === 'no'
      assert.equal(condition, isOnce ? 'service_completed_successfully' : 'service_healthy', `${name} needs ${needed}`)
    }
    for (const volume of service.volumes ?? []) {
      assert.ok(Object.hasOwn(compose.volumes, volume.split(':')[0] ?? ''), `${name} keeps ${volume}`)
    }
    if (name !== 'migrate') assert.equal(service.restart, 'unless-stopped', name)
    assert.equal(service.stop_grace_period, '30s', name)
  }
  for (const name of ours) assert.ok(compose.services[name]?.depends_on?.['migrate'], `${name} waits for the tables`)
})

test('all but the public port can be there several times, and none of ours writes outside its volumes', () => {
  for (const name of ours) {
    const service = compose.services[name]
    assert.equal(service?.container_name, undefined)
    assert.equal(service?.read_only, true)
    assert.equal(service.ports === undefined, name !== 'ipn')
  }
})

test('every image is pinned to a version, and Node is the one we test with', async () => {
  const { devDependencies } = JSON.parse(await readFile('package.json', 'utf8')) as {
    devDependencies: Record<string, string>
  }
  const foreign = Object.values(compose.services).filter(({ build }) => build === undefined)
  const froms = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image = '']) => image)
  for (const image of [...foreign.map(({ image }) => image), ...froms]) assert.match(image, /:v?\d+\.\d+/, image)
  for (const image of froms) assert.equal(image, `node:${devDependencies['node'] ?? ''}-trixie-slim`)
})

test('the image holds what its start needs and runs as nobody special', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) =>
    sources.split(' '),
  )
  for (const path of copied) assert.ok(existsSync(path), path)
  const [asRoot = '', asNode = ''] = dockerfile.split('USER node')
  assert.match(asRoot, /npm ci --omit=dev/)
  assert.match(
    asNode,
    /RUN node scripts\/warm\.ts[^]*HEALTHCHECK[^]*\/health[^]*CMD .*prepare\.ts && exec .*pm2-runtime/,
  )
})

test('an empty PORT is none: the services listen where they would without it, and the image asks there how they are', async () => {
  const [, probe = ''] = /HEALTHCHECK[^]*?CMD (\[.*\])\n/.exec(dockerfile) ?? []
  const [, ...ask] = JSON.parse(probe) as string[]
  const noNetwork = 'data:text/javascript,globalThis.fetch = async (url) => (console.log(url), { ok: true })'
  const says = `import { apps } from './ecosystem.config.js'; console.log(apps.map(({ env }) => env.PORT).join())`
  for (const [given, expected] of [
    ['', '8000,8001,8002,8003,8004'],
    ['9000', '9000,9001,9002,9003,9004'],
  ] as const) {
    const env = { ...process.env, PORT: given }
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', says], { env })
    assert.equal(stdout, `${expected}\n`)
    const asked = await promisify(execFile)(process.execPath, ['--import', noNetwork, ...ask], { env })
    assert.equal(asked.stdout, `http://127.0.0.1:${expected.slice(0, 4)}/health\n`)
  }
})

test('the other ways to host start the same programs', async () => {
  for (const file of ['Procfile', 'package.json', 'ecosystem.config.js']) {
    const text = await readFile(file, 'utf8')
    const programs = text.match(/(scripts|services)\/[\w/-]+\.ts/g) ?? []
    assert.ok(programs.length > 0, file)
    for (const program of programs) assert.ok(existsSync(program), `${file}: ${program}`)
  }
})

test('however it is hosted, the tables are brought to the release once before the services start', async () => {
  const read = (file: string): Promise<string> => readFile(file, 'utf8')
  const steps = async (file: string): Promise<string[]> =>
    (await read(file)).match(/scripts\/(?:migrate|prepare)\.ts/g) ?? []
  const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> }
  assert.deepEqual(scripts['preservices']?.match(/scripts\/(?:migrate|prepare)\.ts/g), ['scripts/prepare.ts'])
  for (const file of ['Dockerfile', 'Procfile', 'docker-compose.yml']) {
    assert.deepEqual(await steps(file), ['scripts/prepare.ts'], file)
  }
  for (const file of ['railway.toml', '.railway/railway.ts']) assert.deepEqual(await steps(file), [], file)
  assert.match(await read('.railway/railway.ts'), /dockerfilePath: 'Dockerfile'/)
})

/** Every name a service asks its environment for, whichever way it is configured. */
function namesAsked(): string[] {
  const asked = new Set<string>()
  const listening = (values: Readonly<Record<string, string>>): NodeJS.ProcessEnv =>
    new Proxy<NodeJS.ProcessEnv>(values, {
      get: (_values, name: string) => {
        asked.add(name)
        return values[name]
      },
    })
  const whole = { ...secrets, NATS_URL: 'nats://nats', TELEGRAM_WEBHOOK_URL: 'https://shop.example/telegram/webhook' }
  const mail = {
    TELEGRAM_WEBHOOK_SECRET: 'a-word-of-the-webhook',
    SMTP_EMAIL: 'shop@shop.example',
    SMTP_PASSWORD: 'word',
  }
  const byParts = { PGHOST: 'db', PGDATABASE: 'shop', PGUSER: 'shop', PGPASSWORD: 'of the shop' }
  for (const database of [{ DATABASE_URL: 'postgres://shop@db/shop' }, byParts]) {
    for (const name of ours) readers[name](listening({ ...whole, ...mail, ...database }))
  }
  return [...asked]
}

test('.env.example names every variable there is and no other, and what is set at Railway outlives an apply', async () => {
  const example = await readFile('.env.example', 'utf8')
  // one on each line: `docker run --env-file` would take a second one for the value of the first
  const named = [...example.matchAll(/^#?([A-Z][A-Z0-9_]*)=(?!.* [A-Z0-9_]+=).*$/gm)].map(([, name = '']) => name)
  const ofCompose = ['POSTGRES_PASSWORD', 'PUBLISH', 'BUCKET_PUBLISH']
  const text = await readFile('docker-compose.yml', 'utf8')
  for (const name of ofCompose) assert.ok(text.includes(`\${${name}:`), name)
  const asked = namesAsked()
  assert.deepEqual(named.sort(), [...asked, ...ofCompose].sort())

  const railway = await readFile('.railway/railway.ts', 'utf8')
  const given = /^(PG(HOST|PORT|DATABASE|USER|PASSWORD)|(BOT|DELIVERY|MEDIA|JANITOR)_URL)$/ // by the URL, by pm2
  for (const name of asked) if (!given.test(name)) assert.match(railway, new RegExp(`^ +'?${name}'?[,:]`, 'm'))
})
