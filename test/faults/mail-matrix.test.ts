import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { simpleParser } from 'mailparser'
import { pino } from 'pino'
import { makeCertificate } from '../../sandbox/mail/certificate.ts'
import { insertEmail, takeForgottenEmails } from '../../shared/db/emails.ts'
import { openPool } from '../../shared/db/pool.ts'
import { type EmailId } from '../../shared/domain/ids.ts'
import { failpoints } from '../../shared/runtime/failpoint.ts'
import { aMailServer, mailUser } from '../../shared/testing/a-mail-server.ts'
import { createTestDatabaseConfig } from '../../shared/testing/database.ts'
import { bareEnvironment } from '../bare-environment.ts'

/**
 * Every step of a mail on its way, in a process of its own that dies there. FAULT_MATRIX=full tries each with what else may
 * happen; otherwise the deaths.
 */
const isFull = process.env['FAULT_MATRIX'] === 'full'
const passed = failpoints.filter((point) => point.startsWith('mail.'))
const cells = passed.flatMap((point) => (isFull ? ['kill', 'throw'] : ['kill']).map((mode) => `${point}:${mode}`))

const root = fileURLToPath(new URL('../..', import.meta.url))
const arm = fileURLToPath(new URL('arm.ts', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'comptoir-mails-'))
after(() => rm(folder, { recursive: true, force: true }))
const database = await createTestDatabaseConfig({ after })
const db = openPool(database, pino({ enabled: false }))
after(() => db.end())
const certificate = makeCertificate()
await writeFile(join(folder, 'certificate.pem'), certificate.cert)
const { server, sources } = await aMailServer({ after }, { certificate })

const environment = {
  ...bareEnvironment,
  PGHOST: database.host,
  PGPORT: String(database.port),
  PGDATABASE: database.database,
  PGUSER: database.user,
  ...(database.password === undefined ? {} : { PGPASSWORD: database.password }),
  SMTP_HOST: '127.0.0.1',
  SMTP_PORT: String(server.port),
  SMTP_EMAIL: mailUser.user,
  SMTP_PASSWORD: mailUser.password,
  NODE_EXTRA_CA_CERTS: join(folder, 'certificate.pem'),
}

/** What the bot does when the bell of one mail rings. */
const program = `
  import { pino } from 'pino'
  import { sendMail } from './services/bot/mail/send-mail.ts'
  import { openPool } from './shared/db/pool.ts'
  import { openMailer } from './shared/mail/mailer.ts'
  import { readEnvironment } from './shared/runtime/environment.ts'
  import { databaseSettings, mailSettings } from './shared/runtime/settings.ts'
  const log = pino({ enabled: false })
  const db = openPool(readEnvironment(process.env, databaseSettings), log)
  const mailer = openMailer(readEnvironment(process.env, mailSettings))
  const write = () => ({ subject: 'Sold', html: '<p>Sold</p>', text: 'Sold' })
  await sendMail({ db, log, mailer, write }, { emailId: process.env.EMAIL })
  await mailer.close()
  await db.end()`

async function ring(id: EmailId, arming: NodeJS.ProcessEnv = {}): Promise<boolean> {
  const child = spawn(process.execPath, ['--import', arm, '--input-type=module', '--eval', program], {
    cwd: root,
    env: { ...environment, EMAIL: id, ...arming },
    stdio: 'ignore',
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code === 0
}

async function aQueuedMail(subject: string): Promise<EmailId> {
  const mail = { template: 'sale', title: 'A title', price: '1999', coin: 'btc', orderCode: 'ABCDEFGH23' } as const
  const id = await insertEmail(db, { address: 'ada@example.org', isConfirmed: true, person: null, subject, mail })
  return id ?? assert.fail('not queued')
}

const stateOf = async (id: EmailId): Promise<unknown> =>
  (await db.query(`select state from emails where id = $1`, [id])).rows[0]?.['state']

for (const cell of cells) {
  test(`a mail whose sender met ${cell} is sent by the next, once or under the same name`, async () => {
    const before = sources.length
    const id = await aQueuedMail(cell)
    const report = join(folder, cell)
    assert.equal(await ring(id, { FAILPOINT: cell, FAILPOINT_REPORT: report }), false)
    assert.ok(existsSync(report))
    assert.equal(await stateOf(id), 'sending')
    const handedOver = sources.length
    assert.equal(await ring(id), true)
    assert.deepEqual([await stateOf(id), sources.length], ['sending', handedOver], 'somebody may still be at it')

    await db.query(`update emails set lease_until = '-infinity', rung_at = clock_timestamp() - interval '6 minutes'`)
    assert.deepEqual(await takeForgottenEmails(db, 10), [id])
    assert.deepEqual([await ring(id), await ring(id)], [true, true])
    assert.equal(await stateOf(id), 'sent')
    const mails = await Promise.all(sources.slice(before).map((source) => simpleParser(source)))
    const name = `<${id}@shop.example>`
    assert.deepEqual(
      mails.map(({ messageId }) => messageId),
      cell.startsWith('mail.sent') ? [name, name] : [name],
    )
  })
}

test('the matrix of mails covers every step of a mail', () => {
  assert.deepEqual(passed, ['mail.claimed', 'mail.sent'])
})
