import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { simpleParser } from 'mailparser'
import { pino } from 'pino'
import { insertEmail, takeForgottenEmails } from '../../../shared/db/emails.ts'
import { listOpenDeadLetters } from '../../../shared/db/dead-letters.ts'
import { inTransaction } from '../../../shared/db/pool.ts'
import { type EmailId, personId } from '../../../shared/domain/ids.ts'
import { type Mail } from '../../../shared/domain/mail.ts'
import { type Mailer, openMailer } from '../../../shared/mail/mailer.ts'
import { queueMail } from '../../../shared/messaging/queue-mail.ts'
import { aBotScene } from '../../../shared/testing/a-bot.ts'
import { aMailServer, configFor } from '../../../shared/testing/a-mail-server.ts'
import { aPerson } from '../../../shared/testing/a-shop.ts'
import { asAdministrator } from '../admin/administrator.ts'
import { replayLetter } from '../admin/settle-letter.ts'
import { sendMail } from './send-mail.ts'
import { writeLetter } from './write-letter.ts'

const sale: Mail = {
  template: 'sale',
  title: 'A <b>bold</b> title',
  price: '1999',
  coin: 'btc',
  orderCode: 'ABCDEFGH23',
}

type Refusing = Parameters<typeof aMailServer>[1]

async function aPost(t: TestContext, options: Refusing = {}) {
  const { deps, own } = await aBotScene(t)
  const { db } = deps
  const mails = await aMailServer(t, options)
  const lines: Record<string, unknown>[] = []
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) })
  const mailer = openMailer(mails.config)
  own(() => mailer.close())
  const person = await aPerson(db, { language: 'fr' })
  const queue = (mail: Mail = sale, more: { isConfirmed?: boolean; expiresAt?: Date } = {}) =>
    inTransaction(db, (tx) =>
      insertEmail(tx, { address: 'ada@example.org', isConfirmed: true, person, subject: 'one', mail, ...more }),
    )
  const send = (id: EmailId | undefined, by: Mailer = mailer) =>
    sendMail({ db, log, mailer: by, write: writeLetter(deps) }, { emailId: id ?? assert.fail('not queued') })
  return { ...mails, deps: { ...deps, log }, db, mailer, lines, person, queue, send, row: () => onlyRow(db) }
}

type Row = { state: string; tries: number; reason: string | null; sent: boolean; waits: number }

async function onlyRow(db: Awaited<ReturnType<typeof aBotScene>>['deps']['db']): Promise<Row> {
  const { rows } = await db.query<Row>(
    `select state, tries, reason, sent_at is not null as sent,
            round(extract(epoch from next_try_at - clock_timestamp()) / 60)::int as waits
       from emails`,
  )
  assert.equal(rows.length, 1)
  return rows[0] ?? assert.fail('no row')
}

const due = (db: MailDatabase) =>
  db.query(`update emails set next_try_at = clock_timestamp(), lease_until = '-infinity'`)
type MailDatabase = Awaited<ReturnType<typeof aPost>>['db']

test('a sale is mailed to its seller once, in their language, with its title shown literally, and is sent once it was taken', async (t) => {
  const states: string[] = []
  const post = await aPost(t, {
    onMail: async ({ source }) => {
      states.push((await post.row()).state)
      post.sources.push(source)
    },
  })
  const id = await post.queue()
  assert.equal(await post.queue(), undefined, 'the same mail is queued once')
  await Promise.all([post.send(id), post.send(id)])
  await post.send(id)
  assert.equal(post.sources.length, 1)
  assert.deepEqual(states, ['sending'])
  const { state, tries, sent } = await post.row()
  assert.deepEqual({ state, tries, sent }, { state: 'sent', tries: 1, sent: true })
  const mail = await simpleParser(post.sources[0] ?? '')
  assert.equal(mail.subject, 'Vendu\u00a0: A <b>bold</b> title')
  assert.match(mail.text ?? '', /A <b>bold<\/b> title[^]*19,99\u00a0\$US[^]*BTC[^]*ABCDEFGH23/)
  const html = String(mail.html)
  assert.ok(html.includes('A &lt;b&gt;bold&lt;/b&gt; title') && !html.includes('<b>'))
  assert.doesNotMatch(html, /<img|<script|url\(|src=/)
  assert.ok(!post.lines.some((line) => JSON.stringify(line).includes('ada@')), 'no log names a person')
})

test('without mail settings a mail is skipped, says so in the log, and is never called sent', async (t) => {
  const post = await aPost(t)
  const id = await post.queue()
  await sendMail({ ...post.deps, mailer: undefined, write: () => assert.fail() }, { emailId: id ?? assert.fail() })
  const { state, sent } = await post.row()
  assert.deepEqual({ state, sent }, { state: 'skipped', sent: false })
  assert.deepEqual(
    post.lines.map(({ msg }) => msg),
    ['e-mail skipped: SMTP not configured (sale)'],
  )
})

test('nothing but a code is mailed to an address that nobody confirmed', async (t) => {
  const post = await aPost(t)
  await post.send(await post.queue(sale, { isConfirmed: false }))
  assert.deepEqual([(await post.row()).state, post.sources], ['skipped', []])
})

test('a mail that is not taken now is tried after 1, 5 and 30 minutes, 2 and 12 hours, then waits for an administrator', async (t) => {
  let isBusy = true
  const post = await aPost(t, { refuse: (at) => (at === 'to' && isBusy ? { code: 451, text: 'later' } : undefined) })
  const id = await post.queue()
  for (const minutes of [1, 5, 30, 120, 720]) {
    await post.send(id)
    const { state, waits, sent } = await post.row()
    assert.deepEqual({ state, waits, sent }, { state: 'queued', waits: minutes, sent: false })
    await post.send(id) // too early
    await due(post.db)
  }
  await post.send(id)
  assert.equal((await post.row()).state, 'failed')
  const [letter = assert.fail('no dead letter')] = await listOpenDeadLetters(post.db, { limit: 10 })
  assert.equal(letter.kind, 'e-mail')
  assert.match(letter.reason, /“sale” was given up.*does not take the mail now.*451/)
  const { rows: alerts } = await post.db.query(
    `select payload ->> 'kind' as kind from outbox where subject = 'admin.alert'`,
  )
  assert.deepEqual(alerts, [{ kind: 'dead letter' }])

  isBusy = false
  const admin = personId(post.deps.config.telegram.admins[0] ?? assert.fail())
  const by = asAdministrator(post.deps, admin) ?? assert.fail()
  assert.equal(await replayLetter(post.deps, by, letter.id), 'sent')
  await post.send(id)
  assert.deepEqual([(await post.row()).state, post.sources.length], ['sent', 1])
  assert.deepEqual(await listOpenDeadLetters(post.db, { limit: 10 }), [])
})

test('a mail that is refused for good is not tried again', async (t) => {
  const post = await aPost(t, { refuse: (at) => (at === 'data' ? { code: 554, text: 'spam' } : undefined) })
  await post.send(await post.queue())
  const { state, tries, reason } = await post.row()
  assert.deepEqual({ state, tries }, { state: 'failed', tries: 1 })
  assert.match(reason ?? '', /554/)
  assert.equal((await listOpenDeadLetters(post.db, { limit: 10 })).length, 1)
})

test('a wrong password is told to the administrators at once, and no mail is lost by it', async (t) => {
  const post = await aPost(t)
  const mailer = openMailer(configFor(post.server, 'wrong'))
  t.after(() => mailer.close())
  const id = await post.queue()
  await post.send(id, mailer)
  const { rows } = await post.db.query(`select payload ->> 'kind' as kind from outbox where subject = 'admin.alert'`)
  assert.deepEqual(rows, [{ kind: 'mail server' }])
  await due(post.db)
  await post.send(id)
  assert.equal((await post.row()).state, 'sent')
})

test('an alert that cannot be mailed asks for no other alert', async (t) => {
  const post = await aPost(t, { refuse: () => ({ code: 550, text: 'no' }) })
  await post.send(await post.queue({ template: 'alert', kind: 'delivery', text: 'It fell', ref: 'X' }))
  assert.equal((await post.row()).state, 'failed')
  const { rows } = await post.db.query(`select from outbox where subject = 'admin.alert'`)
  assert.deepEqual(rows, [])
})

test('a sender that dies after handing a mail over leaves it to another one, which is known by the same Message-ID', async (t) => {
  const post = await aPost(t)
  const id = await post.queue()
  const dying: Mailer = {
    ...post.mailer,
    send: async (mail) => {
      await post.mailer.send(mail)
      await post.db.query(`update emails set lease_until = clock_timestamp()`)
      await new Promise(() => undefined)
    },
  }
  void post.send(id, dying)
  while (post.sources.length === 0) await new Promise(setImmediate)
  let found: EmailId[] = []
  while (found.length === 0) found = await takeForgottenEmails(post.db, 10)
  assert.deepEqual(found, [id])
  assert.deepEqual(await takeForgottenEmails(post.db, 10), [], 'it is rung for once')
  await post.send(id)
  const ids = await Promise.all(post.sources.map(async (source) => (await simpleParser(source)).messageId))
  assert.deepEqual(ids, [`<${id ?? ''}@shop.example>`, `<${id ?? ''}@shop.example>`])
  assert.equal((await post.row()).state, 'sent')
})

test('a code that is to be sent when no mail can be is skipped, and its person is told so in the chat', async (t) => {
  const post = await aPost(t)
  const id = await post.queue({ template: 'code', purpose: 'verify', about: '' })
  const deps = { ...post.deps, mailer: undefined, write: () => assert.fail() }
  await sendMail(deps, { emailId: id ?? assert.fail() })
  await sendMail(deps, { emailId: id ?? assert.fail() })
  assert.equal((await post.row()).state, 'skipped')
  const { rows } = await post.db.query(`select kind, facts from notices`)
  assert.deepEqual(rows, [{ kind: 'code not sent', facts: { email: 'ada@example.org', isMailOff: true } }])
})

test('a code that could not be sent in time is worth nothing, and its person is told so in the chat', async (t) => {
  const post = await aPost(t, { refuse: (at) => (at === 'to' ? { code: 451, text: 'later' } : undefined) })
  const mail = { template: 'code', purpose: 'verify', about: '' } as const
  await post.send(await post.queue(mail, { expiresAt: new Date(Date.now() + 30_000) }))
  assert.equal((await post.row()).state, 'failed', 'the next try would come too late')
  const { rows } = await post.db.query(`select kind, facts ->> 'email' as email from notices`)
  assert.deepEqual(rows, [{ kind: 'code not sent', email: 'ada@example.org' }])
})

test('every mail that is queued is asked for', async (t) => {
  const post = await aPost(t)
  const queue = () =>
    inTransaction(post.db, (tx) =>
      queueMail(tx, { address: 'ada@example.org', isConfirmed: true, person: post.person, subject: 'one', mail: sale }),
    )
  await queue()
  await queue()
  const { rows } = await post.db.query(`select subject from outbox`)
  assert.deepEqual(rows, [{ subject: 'mail.send' }])
})
