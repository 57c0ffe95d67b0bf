import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, request, type RequestListener } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { pino } from 'pino'
import { bucketName } from '../../sandbox/environment.ts'
import { freePort } from '../../sandbox/infra/free-port.ts'
import { startObjectStore } from '../../sandbox/infra/object-store.ts'
import { until } from '../../sandbox/infra/until.ts'
import { administrator } from '../../sandbox/people.ts'
import { startWorld } from '../../sandbox/world.ts'
import { backUp } from '../../services/janitor/chores/back-up.ts'
import { openPool } from '../../shared/db/pool.ts'
import { holdLock } from '../../shared/db/session-lock.ts'
import { type DatabaseConfig } from '../../shared/runtime/settings.ts'
import { aMailServer, mailUser } from '../../shared/testing/a-mail-server.ts'
import { createTestDatabaseConfig } from '../../shared/testing/database.ts'
import { bareEnvironment } from '../../test/bare-environment.ts'
import { hurry } from '../../test/story.ts'
import { findNatsServer } from '../find-nats-server.ts'
import { examine } from './examine.ts'
import { type Finding } from './finding.ts'

const quiet = pino({ enabled: false })
const database = await createTestDatabaseConfig({ after })
const folder = await mkdtemp(join(tmpdir(), 'comptoir-doctor-'))
const environment = { ...hurry, BACKUP_KEY: randomBytes(32).toString('base64') }
const world = await startWorld({ database, environment })
after(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
})
world.telegram.addPerson({ id: administrator.id, first_name: 'Ada' }).send('/start')
await world.db.query(
  `insert into backups (name, state, finished_at, size_bytes, sha256, row_count)
   values ('20261127T030000Z-00000000', 'good', now(), 1, repeat('a', 64), 1)`,
)

const look = (changes: NodeJS.ProcessEnv = {}): Promise<Finding[]> =>
  examine({ ...world.environment, ...changes }, quiet)

const inWords = ({ level, about, says, todo = '' }: Finding): string => `${level} ${about}: ${says} → ${todo}`

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function natsWith(...options: string[]): Promise<string> {
  const { path } = await findNatsServer({ log: quiet })
  const port = await freePort()
  const child: ChildProcess = spawn(path, ['-a', '127.0.0.1', '-p', String(port), ...options], { stdio: 'ignore' })
  after(() => child.kill())
  for (;;) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => {
        resolve(true)
        socket.destroy()
      })
      socket.once('error', () => {
        resolve(false)
      })
    })
    if (isUp) return `nats://127.0.0.1:${port}`
    await pause(20)
  }
}

const urlOf = (changes: Partial<DatabaseConfig>): string => {
  const { user, password = '', host, port, database: name } = { ...database, ...changes }
  return `postgres://${user}:${password}@${host}:${port}/${name}`
}

async function emptyDatabase(): Promise<string> {
  const name = `empty_${randomBytes(5).toString('hex')}`
  await world.db.query(`create database ${name}`)
  return urlOf({ database: name })
}

/** As the services should be: a role that reads the shop's tables and is nothing besides. */
async function asModestRole(): Promise<string> {
  const user = `modest_${randomBytes(5).toString('hex')}`
  await world.db.query(`create role ${user} login password 'a-modest-one' in role pg_read_all_data`)
  after(() => world.db.query(`drop role ${user}`))
  return urlOf({ user, password: 'a-modest-one' })
}

/** In front of the bucket: whoever brings no signature gets a file all the same. */
function aPublicBucket(): Promise<string> {
  const { port } = new URL(world.bucket.endpoint)
  return serve((incoming, outgoing) => {
    const isSigned = incoming.headers.authorization !== undefined || (incoming.url ?? '').includes('X-Amz-Signature')
    if (!isSigned && incoming.method === 'GET') return void outgoing.end('for everybody')
    const onward = request(
      { host: '127.0.0.1', port, method: incoming.method, path: incoming.url, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(outgoing)
      },
    )
    incoming.pipe(onward)
  })
}

async function aBucketFor(origin: string): Promise<string> {
  const keys = {
    accessKey: world.environment['B2_KEY_ID'] ?? '',
    secretKey: world.environment['B2_APPLICATION_KEY'] ?? '',
  }
  const bucket = await startObjectStore({
    dir: join(folder, 'other-bucket'),
    ...keys,
    bucket: bucketName,
    allowedOrigins: [origin],
  })
  after(() => bucket.stop())
  return bucket.endpoint
}

test('a right installation has nothing wrong, and looking at it changes nothing', async () => {
  await world.settle()
  const before = await counts()
  const found = await look()
  assert.deepEqual(found.filter(({ level }) => level === 'wrong').map(inWords), [])
  for (const about of [
    'settings',
    'database',
    'nats',
    'bucket',
    'telegram',
    'nowpayments',
    'notifications',
    'services',
    'clock',
    'disk',
    'backup',
    'mail',
  ]) {
    assert.ok(
      found.some((finding) => finding.about === about),
      `nothing is said of ${about}`,
    )
  }
  assert.ok(found.some(({ says }) => says === 'strangers are refused'))
  assert.deepEqual(await counts(), before)
})

async function counts() {
  const objects: string[] = []
  for await (const { key } of world.store.list('checks/')) objects.push(key)
  const { rows } = await world.db.query(
    `select (select count(*)::int from payment_events) as events, (select count(*)::int from dead_letters) as dead,
            (select count(*)::int from outbox where subject = 'admin.alert') as alerts`,
  )
  return { ...rows[0], objects }
}

const nobody = `http://127.0.0.1:${await freePort()}`
const unknownToken = '123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'

/** What is set wrong, how, and the one line that must say so. */
const mistakes: [title: string, changes: () => NodeJS.ProcessEnv | Promise<NodeJS.ProcessEnv>, says: RegExp][] = [
  [
    'a placeholder left in the bot token',
    () => ({ TELEGRAM_BOT_TOKEN: '<token>' }),
    /^wrong settings: TELEGRAM_BOT_TOKEN is still a placeholder/,
  ],
  ['no administrator', () => ({ ADMIN_USER_ID: '' }), /^wrong settings: ADMIN_USER_ID is missing/],
  [
    'a lowest price above the highest',
    () => ({ PRICE_MIN_USD: '6000' }),
    /^wrong settings: PRICE_MIN_USD is invalid: expected at most PRICE_MAX_USD/,
  ],
  [
    'a backup key that is too short',
    () => ({ BACKUP_KEY: 'c2hvcnQ=' }),
    /^wrong settings: BACKUP_KEY is invalid: expected 32 bytes in base64/,
  ],
  ['no backup key', () => ({ BACKUP_KEY: '' }), /^warning settings: BACKUP_KEY is not set: backups are not encrypted/],
  [
    'a mail address without its password',
    () => ({ SMTP_EMAIL: 'shop@shop.example' }),
    /^wrong settings: SMTP_PASSWORD is missing/,
  ],
  [
    'a wrong database password',
    () => ({ DATABASE_URL: urlOf({ password: 'mistyped' }) }),
    /^wrong database: PostgreSQL at \S+ refused user \w+: .*password/,
  ],
  [
    'a database that does not exist',
    () => ({ DATABASE_URL: urlOf({ database: 'nowhere' }) }),
    /^wrong database: .*database "nowhere" does not exist/,
  ],
  [
    'a database server that is not there',
    () => ({ DATABASE_URL: urlOf({ port: 1 }) }),
    /^wrong database: PostgreSQL at \S+ cannot be reached \(ECONNREFUSED\)/,
  ],
  [
    'a database that was never migrated',
    async () => ({ DATABASE_URL: await emptyDatabase() }),
    /^wrong database: The database misses 0001_messaging.*npm run migrate/,
  ],
  [
    'a role that may not make databases',
    async () => ({ DATABASE_URL: await asModestRole() }),
    /^warning backup: the role \S+ may not make databases.*alter role … createdb/,
  ],
  ['a broker that is not there', () => ({ NATS_URL: 'nats://127.0.0.1:1' }), /^wrong nats: no NATS answers/],
  ['a broker without JetStream', async () => ({ NATS_URL: await natsWith() }), /^wrong nats: NATS has no JetStream/],
  [
    'a broker that wants a password',
    async () => ({ NATS_URL: await natsWith('--user', 'a', '--pass', 'b') }),
    /^wrong nats: NATS refused us/,
  ],
  [
    'a bucket server that is not there',
    () => ({ B2_ENDPOINT: nobody }),
    /^wrong bucket: .*Check B2_ENDPOINT and the network/,
  ],
  [
    'a bucket name that is mistyped',
    () => ({ B2_BUCKET_NAME: 'another-bucket' }),
    /^wrong bucket: There is no bucket another-bucket/,
  ],
  [
    'a bucket key that is unknown',
    () => ({ B2_KEY_ID: 'another' }),
    /^wrong bucket: .*Check B2_KEY_ID and B2_APPLICATION_KEY/,
  ],
  [
    'a bucket open to everybody',
    async () => ({ B2_ENDPOINT: await aPublicBucket() }),
    /^wrong bucket: the bucket gives its files to anybody/,
  ],
  [
    'a bucket that takes no files from our pages',
    async () => ({ B2_ENDPOINT: await aBucketFor('https://else.example') }),
    /^wrong bucket: Browsers on \S+ may not send files to the bucket/,
  ],
  [
    'a bot token of nobody',
    () => ({ TELEGRAM_BOT_TOKEN: unknownToken }),
    /^wrong telegram: Telegram does not know the token/,
  ],
  [
    'a Telegram that is not there',
    () => ({ TELEGRAM_API_ROOT: nobody }),
    /^wrong telegram: Telegram cannot be asked.*TELEGRAM_API_ROOT/,
  ],
  [
    'a webhook Telegram was never told of',
    () => ({ TELEGRAM_WEBHOOK_URL: 'https://shop.example/telegram/webhook', TELEGRAM_WEBHOOK_SECRET: 'x'.repeat(16) }),
    /^warning telegram: Telegram sends updates nowhere/,
  ],
  [
    'an administrator who never pressed Start',
    () => ({ ADMIN_USER_ID: '424242' }),
    /^warning telegram: administrator 424242 of ADMIN_USER_ID never wrote to the bot/,
  ],
  [
    'a NOWPayments key that is mistyped',
    () => ({ NOWPAYMENTS_API_KEY: 'MISTYPED' }),
    /^wrong nowpayments: NOWPayments refuses the key/,
  ],
  [
    'a NOWPayments that is not there',
    () => ({ NOWPAYMENTS_API_URL: nobody }),
    /^wrong nowpayments: NOWPayments does not answer/,
  ],
  [
    'a settlement coin that does not exist',
    () => ({ NOWPAYMENTS_OUTCOME_COIN: 'doubloon' }),
    /^wrong nowpayments: NOWPayments tells no minimum for usdtsol, .* settled in doubloon/,
  ],
  [
    'another IPN secret than ipn has',
    () => ({ NOWPAYMENTS_IPN_SECRET: 'another-secret' }),
    /^wrong notifications: ipn refuses what is signed with NOWPAYMENTS_IPN_SECRET/,
  ],
  [
    'a callback address where nobody is',
    () => ({ IPN_CALLBACK_URL: `${nobody}/ipn/nowpayments` }),
    /^wrong notifications: nobody answers at IPN_CALLBACK_URL/,
  ],
  [
    'a callback address where something else says yes',
    async () => ({ IPN_CALLBACK_URL: `${await serve((_, answer) => answer.end('<h1>Welcome</h1>'))}/ipn/nowpayments` }),
    /^wrong notifications: something answers 200 at IPN_CALLBACK_URL and is not the ipn/,
  ],
  ['links that lead nowhere', () => ({ PUBLIC_URL: nobody }), /^wrong services: no \/health at PUBLIC_URL/],
  [
    'a clock an hour wrong',
    async () => ({
      NOWPAYMENTS_API_URL: await serve((_, answer) =>
        answer.setHeader('date', new Date(Date.now() + 3_600_000).toUTCString()).end('{}'),
      ),
    }),
    /^wrong clock: the clock of NOWPayments is 3\d\d\d s before this machine's/,
  ],
  ['a data folder that is a file', async () => ({ DATA_DIR: await aFile() }), /^wrong disk: DATA_DIR is not a folder/],
  [
    'a mail server that is not there',
    () => ({ SMTP_EMAIL: 'shop@shop.example', SMTP_PASSWORD: 'secret-word', SMTP_HOST: '127.0.0.1', SMTP_PORT: '1' }),
    /^wrong mail: The mail server cannot be reached/,
  ],
]

async function aFile(): Promise<string> {
  const path = join(folder, 'a-file')
  await writeFile(path, '')
  return path
}

for (const [title, changes, says] of mistakes) {
  test(`the doctor names ${title}`, async () => {
    const found = (await look(await changes())).map(inWords)
    assert.equal(
      found.filter((line) => says.test(line)).length,
      1,
      found.filter((line) => !line.startsWith('ok')).join('\n'),
    )
    for (const line of found) assert.doesNotMatch(line, /this check failed/)
  })
}

test('the doctor names a wrong mail password', async (t) => {
  const { config } = await aMailServer(t)
  const mail = { SMTP_EMAIL: mailUser.user, SMTP_HOST: config.host, SMTP_PORT: String(config.port) }
  const right = (await look({ ...mail, SMTP_PASSWORD: mailUser.password })).map(inWords)
  assert.ok(right.includes('ok mail: 127.0.0.1 lets us in → '))
  const wrong = (await look({ ...mail, SMTP_PASSWORD: 'mistyped' })).map(inWords)
  assert.ok(wrong.some((line) => line.startsWith('wrong mail: The mail server refused the user name or the password')))
})

test('the doctor names a backup that is too old', async (t) => {
  const db = openPool(database, quiet)
  t.after(() => db.end())
  // at three in the morning the janitor of this world would make a new one
  const lock = await until(() => holdLock(db, `chore ${backUp.name}`))
  t.after(() => lock.release())
  await db.query(`update backups set started_at = now() - interval '27 hours'`)
  const found = (await look()).map(inWords)
  await db.query(`update backups set started_at = now()`)
  assert.ok(found.some((line) => line.startsWith('wrong backup: the newest good backup is 27 hours old')))
})

test('the command prints a line for each thing, no secret among them, and its exit says whether all is well', async () => {
  const command = fileURLToPath(new URL('../doctor.ts', import.meta.url))
  const run = (changes: NodeJS.ProcessEnv) =>
    promisify(execFile)(process.execPath, [command], {
      env: { ...bareEnvironment, ...world.environment, ...changes },
    })
  const { stdout } = await run({})
  assert.match(stdout, /^ok {7}settings {7}every variable can be read$/m)
  assert.match(stdout, /^0 wrong, \d+ to look at, \d+ well\.$/m)
  await assert.rejects(run({ TELEGRAM_BOT_TOKEN: unknownToken }), (error: { code: number; stdout: string }) => {
    assert.equal(error.code, 1)
    assert.match(error.stdout, /^WRONG {4}telegram {7}Telegram does not know the token → copy TELEGRAM_BOT_TOKEN/m)
    const secrets = [
      'TELEGRAM_BOT_TOKEN',
      'NOWPAYMENTS_API_KEY',
      'NOWPAYMENTS_IPN_SECRET',
      'B2_APPLICATION_KEY',
      'BACKUP_KEY',
    ]
    for (const name of secrets)
      assert.equal(error.stdout.includes(world.environment[name] ?? '?'), false, `${name} is printed`)
    assert.equal(error.stdout.includes(unknownToken), false)
    return true
  })
})
