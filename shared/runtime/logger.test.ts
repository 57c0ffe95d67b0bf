import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLogger } from './logger.ts'

const token = '123456789:AAH-abcdefghijklmnopqrstuvwxyz0123456'

/** One line of the log, as text and as an object. */
function logged(write: (log: ReturnType<typeof createLogger>) => void): {
  text: string
  line: Record<string, unknown>
} {
  const lines: string[] = []
  write(createLogger({ service: 'ipn', level: 'debug', destination: { write: (line) => void lines.push(line) } }))
  const text = lines.join('')
  return { text, line: JSON.parse(text) as Record<string, unknown> }
}

test('a line of the log says when, how bad, who, and about what', () => {
  const { line } = logged((log) => {
    log.child({ module: 'settle' }).info({ orderId: 'o1', paid: 1999n }, 'order paid')
  })
  assert.match(String(line['time']), /^\d{4}-\d\d-\d\dT.*Z$/)
  assert.deepEqual(
    { ...line, time: '' },
    { time: '', level: 'info', service: 'ipn', module: 'settle', orderId: 'o1', paid: 1999, msg: 'order paid' },
  )
})

test('secrets are hidden by the name of their field, however deep', () => {
  const { text } = logged((log) => {
    log.info({
      headers: { authorization: 'hidden1', Cookie: 'hidden2', 'X-NowPayments-Sig': 'hidden3' },
      config: { telegram: { token: 'hidden4' }, ipnSecret: 'hidden5', nowPayments: { apiKey: 'hidden6' } },
      list: [{ password: 'hidden7' }, { secret: { inner: 'hidden8' } }],
    })
  })
  assert.doesNotMatch(text, /hidden/)
  assert.equal(text.match(/\[redacted\]/g)?.length, 8)
})

test("a bot's token is hidden in every text: messages, addresses, errors and the errors behind them", () => {
  const cause = new Error(`connect failed: https://api.telegram.org/bot${token}/getMe`)
  const { text, line } = logged((log) => {
    log
      .child({ url: `http://x/file/bot${encodeURIComponent(token)}/a.jpg` })
      .error({ err: new Error(`cannot call with ${token}`, { cause }) }, `asked bot${token}`)
  })
  assert.doesNotMatch(text, /AAH-abc/)
  const err = line['err'] as { message: string; cause: { message: string; stack: string } }
  assert.equal(err.message, 'cannot call with [redacted]')
  assert.equal(err.cause.message, 'connect failed: https://api.telegram.org/bot[redacted]/getMe')
})

test('an error logged on its own keeps its kind and loses its secrets', () => {
  const { text, line } = logged((log) => {
    log.error(new TypeError(`bad bot${token}`))
  })
  assert.equal((line['err'] as { type: string }).type, 'TypeError')
  assert.doesNotMatch(text, /AAH-abc/)
})

test('signed links, bearer tokens, passwords in addresses and download pages are hidden', () => {
  const { text } = logged((log) => {
    log.info(
      {
        link: 'https://b.example/f?X-Amz-Credential=hidden1&X-Amz-Signature=hidden2&partNumber=3',
        url: '/d/hidden3hidden3hidden3?x=1',
        disguised: '/d/%68idden6hidden6hidden6',
        database: 'postgres://shop:hidden4@db/shop',
      },
      'sent Authorization: Bearer hidden5hidden5',
    )
  })
  assert.doesNotMatch(text, /hidden/)
  assert.match(text, /partNumber=3/)
  assert.match(text, /postgres:\/\/shop:\[redacted\]@db\/shop/)
})

test('an object that contains itself can be logged', () => {
  const loop: Record<string, unknown> = { name: 'loop' }
  loop['self'] = loop
  assert.match(
    logged((log) => {
      log.info({ loop })
    }).text,
    /loop/,
  )
})
