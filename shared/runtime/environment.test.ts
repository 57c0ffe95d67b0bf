import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { type Environment, readEnvironment } from './environment.ts'
import { OperatorError } from './operator-error.ts'
import * as settings from './settings.ts'
import * as shop from './shop-settings.ts'

const complete = {
  TELEGRAM_BOT_TOKEN: '123456:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr',
  ADMIN_USER_ID: '42, 43',
  NOWPAYMENTS_API_KEY: 'key',
  NOWPAYMENTS_IPN_SECRET: 'a long secret',
  IPN_CALLBACK_URL: 'https://shop.example/ipn/nowpayments',
  DATABASE_URL: 'postgres://shop:p%40ss@db.example:6543/shop',
  NATS_URL: 'nats://nats:4222,tls://other:4222',
  B2_KEY_ID: 'id',
  B2_APPLICATION_KEY: 'application key',
  B2_BUCKET_NAME: 'files',
  B2_ENDPOINT: 'https://s3.eu-central-003.backblazeb2.com/',
}

const everything = (env: Environment) => ({
  database: settings.databaseSettings(env),
  nats: settings.natsSettings(env),
  web: settings.webSettings(env),
  telegram: settings.telegramSettings(env),
  webhook: settings.webhookSettings(env),
  nowPayments: settings.nowPaymentsSettings(env),
  publicUrl: settings.publicUrlSetting(env),
  storage: settings.storageSettings(env),
  mail: settings.mailSettings(env),
  money: shop.moneySettings(env),
  files: shop.fileLimitSettings(env),
  retention: shop.retentionSettings(env),
  language: shop.languageSettings(env),
  terms: shop.termsSettings(env),
})

const read = (changes: NodeJS.ProcessEnv = {}) => readEnvironment({ ...complete, ...changes }, everything)

function complaintsAbout(changes: NodeJS.ProcessEnv): string[] {
  try {
    read(changes)
    return []
  } catch (error) {
    assert.ok(error instanceof OperatorError)
    assert.equal(error.exitCode, 78)
    return error.message.split('\n').slice(1)
  }
}

describe('the environment', () => {
  test('a complete configuration is understood, with the defaults of the specification', () => {
    const config = read()
    assert.deepEqual(config.database, {
      host: 'db.example',
      port: 6543,
      database: 'shop',
      user: 'shop',
      password: 'p@ss',
      sslMode: 'prefer',
      poolMax: 10,
    })
    assert.deepEqual(config.telegram.admins, [42n, 43n])
    assert.equal(config.publicUrl, 'https://shop.example')
    assert.equal(config.storage.region, 'eu-central-003')
    assert.equal(config.money.feeFlatCents, 149n)
    assert.equal(config.money.feeBasisPoints, 314n)
    assert.equal(config.money.toleranceBasisPoints, 50n)
    assert.equal(config.files.maxFileBytes, 10_737_418_240)
    assert.equal(config.webhook, undefined)
    assert.equal(config.mail, undefined)
  })

  test('a limit of a few kilobytes can be said in gigabytes', () => {
    const { files } = read({ SELLER_QUOTA_GB: '0.0001', MAX_FILE_GB: '0.000061036' })
    assert.deepEqual(files, { sellerQuotaBytes: 107_374, maxFileBytes: 65_536 })
  })

  test('an owner who set nothing is told everything that is missing in one message', () => {
    try {
      readEnvironment({}, everything)
      assert.fail('Expected a refusal')
    } catch (error) {
      assert.ok(error instanceof OperatorError)
      for (const name of Object.keys(complete))
        assert.match(error.message, new RegExp(`^  ${name} is missing: expected`, 'm'))
    }
  })

  test('an empty variable counts as missing, and surrounding space does not count', () => {
    assert.match(complaintsAbout({ NATS_URL: ' ' }).join(), /NATS_URL is missing/)
    assert.equal(read({ NOWPAYMENTS_API_KEY: ' key ' }).nowPayments.apiKey, 'key')
  })

  test('no value of a refused variable is ever repeated', () => {
    const wrong = Object.fromEntries(Object.keys(complete).map((name) => [name, 'leaked<value>']))
    const message = complaintsAbout(wrong).join('\n')
    assert.ok(message.length > 0)
    assert.doesNotMatch(message, /leaked/)
  })

  for (const [name, value] of [
    ['TELEGRAM_BOT_TOKEN', '123:short'],
    ['TELEGRAM_BOT_TOKEN', '<your token>'],
    ['NOWPAYMENTS_API_KEY', 'changeme'],
    ['NOWPAYMENTS_IPN_SECRET', 'short'],
    ['ADMIN_USER_ID', '0'],
    ['ADMIN_USER_ID', '12,x'],
    ['IPN_CALLBACK_URL', 'http://shop.example/ipn/nowpayments'],
    ['IPN_CALLBACK_URL', 'https://shop.example/other'],
    ['DATABASE_URL', 'mysql://a@b/c'],
    ['DATABASE_URL', 'postgres://shop:password@db/shop'],
    ['DATABASE_URL', 'postgres://shop:p%61ssword@db/shop'],
    ['DATABASE_URL', 'postgres://shop:50%off@db/shop'],
    ['DATABASE_URL', 'postgres://50%off@db/shop'],
    ['DATABASE_URL', 'postgres://shop@db/50%off'],
    ['DATABASE_URL', 'postgres://shop@db/shop?sslmode=sometimes'],
    ['NATS_URL', 'http://nats:4222'],
    ['PORT', '0'],
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['PAYMENT_COINS', 'usdtsol,doge'],
    ['FEE_PERCENT', '30.01'],
    ['FEE_PERCENT', '3.141'],
    ['PRICE_MIN_USD', '-1'],
    ['PRICE_MIN_USD', '5000.01'],
    ['ORDER_TTL_MINUTES', '9'],
    ['MAX_FILE_GB', '10.1'],
    ['SELLER_QUOTA_GB', '0'],
    ['SOLD_FILES_RETENTION_DAYS', '119'],
    ['TIMEZONE', 'Mars/Olympus'],
    ['DEFAULT_LANGUAGE', 'de'],
    ['BACKUP_KEY', 'c2hvcnQ='],
    ['METRICS_TOKEN', 'too short'],
    ['LOG_LEVEL', 'loud'],
    ['TERMS_FILE', '/nowhere/terms'],
    ['TELEGRAM_WEBHOOK_URL', 'https://shop.example/webhook'],
  ] as const) {
    test(`${name}=${value} is refused`, () => {
      assert.match(
        complaintsAbout({ [name]: value, ...(name.includes('WEBHOOK') ? webhookSecret : {}) }).join('\n'),
        oneLine(name),
      )
    })
  }

  const webhookSecret = { TELEGRAM_WEBHOOK_SECRET: 'a-secret_of-enough-letters' }
  const oneLine = (name: string): RegExp => new RegExp(`^  ${name} is [^\n]*expected [^\n]+$`)

  test('a way to pay that is not built yet is refused as such instead of being another one', () => {
    for (const policy of ['web-checkout', 'stars-only'])
      assert.match(complaintsAbout({ PAYMENT_POLICY: policy }).join(), new RegExp(`${policy}.* not built yet`))
  })

  test('a webhook needs its secret, and mail needs both address and password', () => {
    const webhook = complaintsAbout({ TELEGRAM_WEBHOOK_URL: 'https://shop.example/telegram/webhook' })
    assert.match(webhook.join(), /TELEGRAM_WEBHOOK_SECRET is missing/)
    assert.match(complaintsAbout({ SMTP_EMAIL: 'shop@shop.example' }).join(), /SMTP_PASSWORD is missing/)
    assert.match(complaintsAbout({ SMTP_PASSWORD: 'x' }).join(), /SMTP_EMAIL is missing/)
  })

  test('a callback over plain http is fine between machines of a private network', () => {
    for (const host of [
      'localhost:8000',
      '127.0.0.1',
      '[::1]:8000',
      '10.1.2.3',
      '192.168.0.5',
      'ipn',
      'ipn.internal',
    ]) {
      assert.deepEqual(complaintsAbout({ IPN_CALLBACK_URL: `http://${host}/ipn/nowpayments` }), [], host)
    }
    assert.notDeepEqual(complaintsAbout({ IPN_CALLBACK_URL: 'http://172.32.0.1/ipn/nowpayments' }), [])
  })

  test('without DATABASE_URL the PG variables are used, with it they are not', () => {
    const { database } = read({ DATABASE_URL: '', PGHOST: 'db', PGUSER: 'shop', PGPASSWORD: 'p', PGDATABASE: 'shop' })
    assert.equal(database.port, 5432)
    assert.equal(read({ PGHOST: 'other' }).database.host, 'db.example')
    assert.match(complaintsAbout({ DATABASE_URL: '', PGHOST: 'db' }).join(), /PGDATABASE.*PGUSER.*PGPASSWORD/)
  })

  test('folders are made when they are missing', (t) => {
    const home = mkdtempSync(join(tmpdir(), 'comptoir-env-'))
    t.after(() => {
      rmSync(home, { recursive: true })
    })
    const folders = { DATA_DIR: join(home, 'a/data'), UPLOADS_DIR: join(home, 'a/uploads') }
    assert.deepEqual(readEnvironment(folders, shop.folderSettings), {
      dataDir: folders.DATA_DIR,
      uploadsDir: folders.UPLOADS_DIR,
    })
    assert.throws(() => readEnvironment({ DATA_DIR: '/dev/null/data' }, shop.folderSettings), /DATA_DIR is invalid/)
  })
})
