import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import { type AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { simpleParser } from 'mailparser'
import { aMailServer, configFor, mailUser } from '../testing/a-mail-server.ts'
import { checkSmtp } from './check-smtp.ts'
import { openMailer, type OutgoingMail } from './mailer.ts'
import { SmtpFailure, type SmtpFault } from './smtp-failure.ts'

const mail: OutgoingMail = {
  id: '0198-a-mail',
  to: 'ada@example.org',
  subject: 'Sold: été',
  html: '<p>été</p>',
  text: 'été',
}

function aMailer(t: TestContext, config: Parameters<typeof openMailer>[0]) {
  const mailer = openMailer(config)
  t.after(() => mailer.close())
  return mailer
}

const failsWith = (fault: SmtpFault) => (error: unknown) => {
  assert.ok(error instanceof SmtpFailure, String(error))
  assert.equal(error.fault, fault, error.message)
  assert.doesNotMatch(error.message, /@|a-word-of-tests/, 'what may be logged names nobody')
  return true
}

test('a mail arrives encrypted, from the shop, in both forms, and over one connection for all of them', async (t) => {
  const { server, config, sources } = await aMailServer(t)
  const mailer = aMailer(t, config)
  await mailer.send(mail)
  await Promise.all([mailer.send({ ...mail, id: 'second' }), mailer.send({ ...mail, id: 'third' })])
  assert.equal(sources.length, 3)
  assert.equal(server.connections(), 1)
  const parsed = await simpleParser(sources[0] ?? '')
  assert.deepEqual({ ...parsed.from?.value[0] }, { address: mailUser.user, name: 'A shop, of “mine”' })
  assert.equal(parsed.messageId, '<0198-a-mail@shop.example>')
  assert.equal(parsed.subject, mail.subject)
  assert.deepEqual([parsed.text?.trim(), parsed.html], ['été', '<p>été</p>'])
  assert.equal(parsed.headers.get('auto-submitted'), 'auto-generated')
})

test('no name and no title adds a header, a recipient or a second mail', async (t) => {
  const { config, sources } = await aMailServer(t)
  const hostile = 'x\r\nBcc: all@example.org\n\nA second body\u2028\u202e'
  const mailer = aMailer(t, { ...config, fromName: hostile })
  await mailer.send({ ...mail, subject: hostile, to: 'one,two@example.org' })
  const parsed = await simpleParser(sources[0] ?? '')
  assert.equal(parsed.subject, 'x Bcc: all@example.org A second body')
  assert.equal(parsed.bcc, undefined)
  assert.equal(sources.length, 1)
  assert.deepEqual(parsed.text?.trim(), 'été')
  assert.equal(parsed.from?.value[0]?.address, mailUser.user)
})

test('a mail server whose certificate nobody vouches for gets neither the password nor a mail', async (t) => {
  const seen: string[] = []
  const { config, sources } = await aMailServer(t, {
    isTrusted: false,
    refuse: (stage) => void seen.push(stage),
  })
  await assert.rejects(aMailer(t, config).send(mail), failsWith('certificate'))
  const check = await checkSmtp(config)
  assert.equal(check.kind === 'failed' && check.failure.fault, 'certificate')
  assert.deepEqual([seen, sources], [[], []])
})

test('a mail server without encryption gets neither the password nor a mail', async (t) => {
  const { config, sources } = await aMailServer(t, { hasEncryption: false })
  await assert.rejects(aMailer(t, config).send(mail), failsWith('not encrypted'))
  const check = await checkSmtp(config)
  assert.equal(check.kind === 'failed' && check.failure.fault, 'not encrypted')
  assert.deepEqual(sources, [])
})

test('whether the mail settings are right is found out without sending a mail', async (t) => {
  const { server, config, sources } = await aMailServer(t)
  assert.deepEqual(await checkSmtp(config), { kind: 'ok' })
  const wrong = await checkSmtp(configFor(server, 'another word'))
  assert.equal(wrong.kind === 'failed' && wrong.failure.fault, 'wrong password')
  const nobody = await checkSmtp({ ...config, host: 'nobody.invalid' })
  assert.equal(nobody.kind === 'failed' && nobody.failure.fault, 'unreachable')
  assert.deepEqual(sources, [])
})

test('a wrong password is no fault of the mail, which is tried again', async (t) => {
  const { server } = await aMailServer(t)
  await assert.rejects(aMailer(t, configFor(server, 'wrong')).send(mail), (error: SmtpFailure) => {
    assert.equal(error.isPermanent, false)
    return failsWith('wrong password')(error)
  })
})

for (const [stage, code, fault] of [
  ['to', 550, 'refused'],
  ['to', 451, 'busy'],
  ['from', 553, 'refused'],
  ['data', 554, 'refused'],
  ['data', 452, 'busy'],
] as const) {
  test(`a mail server that answers ${code} to “${stage}” has ${fault === 'busy' ? 'no time now' : 'the last word'}`, async (t) => {
    const { config, sources } = await aMailServer(t, {
      refuse: (at, address) => (at === stage ? { code, text: `No <${address}> here` } : undefined),
    })
    await assert.rejects(aMailer(t, config).send(mail), failsWith(fault))
    assert.deepEqual(sources, [])
  })
}

test('a refused mail does not hold up the next one', async (t) => {
  const { server, config, sources } = await aMailServer(t, {
    refuse: (stage, address) =>
      stage === 'to' && address.startsWith('gone') ? { code: 550, text: 'gone' } : undefined,
  })
  const mailer = aMailer(t, config)
  await assert.rejects(mailer.send({ ...mail, to: 'gone@example.org' }), failsWith('refused'))
  await mailer.send(mail)
  assert.deepEqual([sources.length, server.connections()], [1, 1])
})

test('a connection cut after the mail was handed over is not taken for an answer, and the next mail gets a new one', async (t) => {
  let isCut = true
  const { server, config, sources } = await aMailServer(t, {
    onMail: ({ source }) => {
      if (isCut) server.cut()
      else sources.push(source)
      return isCut ? new Promise(() => undefined) : undefined
    },
  })
  const mailer = aMailer(t, config)
  await assert.rejects(mailer.send(mail), failsWith('unreachable'))
  isCut = false
  await mailer.send(mail)
  assert.equal(sources.length, 1)
})

test('a connection that the server ended between two mails is opened again', async (t) => {
  const { server, config, sources } = await aMailServer(t)
  const mailer = aMailer(t, config)
  await mailer.send(mail)
  server.cut()
  await mailer.send({ ...mail, id: 'second' })
  assert.equal(sources.length, 2)
})

test('a mail server that hangs is given up, and holds up nothing that comes after', async (t) => {
  let isHanging = true
  const patience = new AbortController()
  const { config, sources } = await aMailServer(t, {
    onMail: ({ source }) => {
      if (!isHanging) return void sources.push(source)
      patience.abort()
      return new Promise(() => undefined)
    },
  })
  const mailer = aMailer(t, config)
  const hanging = mailer.send(mail, patience.signal)
  await assert.rejects(hanging, failsWith('unreachable'))
  isHanging = false
  await mailer.send({ ...mail, id: 'second' })
  assert.equal(sources.length, 1)
})

test(
  'nobody there, or somebody who never says hello, is a mail server that cannot be reached',
  { timeout: 30_000 },
  async (t) => {
    const sockets: Socket[] = []
    const silent = createServer((socket) => sockets.push(socket))
    await once(silent.listen(0, '127.0.0.1'), 'listening')
    t.after(() => {
      for (const socket of sockets) socket.destroy()
      silent.close()
    })
    const config = configFor(silent.address() as AddressInfo)
    const mailers = [aMailer(t, config), aMailer(t, { ...config, port: 1 })]
    await Promise.all(mailers.map((mailer) => assert.rejects(mailer.send(mail), failsWith('unreachable'))))
  },
)

test('port 465 speaks TLS from the first byte', async (t) => {
  const { config, sources } = await aMailServer(t, { isSecure: true })
  const { smtpOptions } = await import('./smtp-options.ts')
  assert.deepEqual([smtpOptions({ ...config, port: 465 }).secure, smtpOptions(config).secure], [true, false])
  // our server cannot have that port, and to STARTTLS it stays silent
  await assert.rejects(aMailer(t, config).send(mail, AbortSignal.timeout(1_500)), failsWith('unreachable'))
  assert.deepEqual(sources, [])
})
