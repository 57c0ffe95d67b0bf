import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import test from 'node:test'
import fc from 'fast-check'
import { sign, signText, statusOfRefusal, type Verification, verifyNotification } from './signature.ts'

const secret = 'Made+Up/Secret-for-these-tests=='
const payload = {
  payment_id: 5912345678,
  payment_status: 'finished',
  order_id: 'K7M2P9QRST-1',
  actually_paid: 0.00656612,
  fee: { currency: 'btc', depositFee: 0.000002, serviceFee: 1e-7, withdrawalFee: 0 },
  payment_extra_ids: null,
}
const genuine = sign(secret, payload)

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8')
const check = (text: string, header = signText(secret, text), secrets = [secret]): Verification =>
  verifyNotification(bytes(text), header, secrets)
const formOf = (result: Verification) => (result.kind === 'verified' ? result.form : result.reason)

type Vector = {
  id: string
  secret: string
  header: string
  verdict: 'accept' | 'reject'
  matches: string[]
  body?: string
  body_base64?: string
}

const vectorsFile = new URL('../../../shared/data/ipn-vectors.json', import.meta.url)
const withoutVectors = existsSync(vectorsFile) ? false : 'the shared vectors are not on this machine'

test('every shared vector is answered as it asks, by the form it names first', { skip: withoutVectors }, () => {
  const { vectors } = JSON.parse(readFileSync(vectorsFile, 'utf8')) as { vectors: Vector[] }
  for (const { id, body, body_base64: encoded = '', header, verdict, matches, ...vector } of vectors) {
    const raw = body === undefined ? Buffer.from(encoded, 'base64') : bytes(body)
    const result = verifyNotification(raw, header, [vector.secret])
    assert.equal(result.kind, verdict === 'accept' ? 'verified' : 'refused', id)
    if (result.kind === 'verified') assert.equal(result.form, matches[0], id)
  }
})

test('a notification signed as NOWPayments does is genuine', () => {
  const result = check(genuine.body, genuine.signature)
  assert.equal(formOf(result), 'raw')
  assert.equal(
    genuine.body,
    `{"actually_paid":0.00656612,"fee":{"currency":"btc","depositFee":0.000002,"serviceFee":1e-7,"withdrawalFee":0},"order_id":"K7M2P9QRST-1","payment_extra_ids":null,"payment_id":5912345678,"payment_status":"finished"}`,
  )
})

test('each form the sender may have signed is recognised and named', () => {
  assert.equal(formOf(check('{"b":[1],"a":0.10}')), 'raw')
  assert.equal(formOf(check('{"b":[1], "a":0.10}', signText(secret, '{"a":0.10,"b":[1]}'))), 'lexeme')
  assert.equal(formOf(check('{"b":[1],"a":0.10}', signText(secret, '{"a":0.1,"b":[1]}'))), 'js')
  assert.equal(formOf(check('{"b":[1],"a":0.10}', signText(secret, '{"a":0.1,"b":{"0":1}}'))), 'js_doc')
})

test('the old and the new secret both count while one replaces the other', () => {
  assert.equal(formOf(check(genuine.body, genuine.signature, ['the-new-secret', secret])), 'raw')
  assert.equal(formOf(check(genuine.body, genuine.signature, [`\t${secret}\n`])), 'raw')
  assert.equal(formOf(check(genuine.body, genuine.signature, ['the-new-secret'])), 'signature does not match')
})

test('without a secret nothing is ever genuine', () => {
  for (const secrets of [[], [''], [' \n']]) {
    assert.equal(formOf(check(genuine.body, signText('', genuine.body), secrets)), 'no secret configured')
  }
})

test('only 128 hexadecimal digits are a signature', () => {
  const { body, signature } = genuine
  for (const good of [signature.toUpperCase(), ` ${signature}\t`]) assert.equal(formOf(check(body, good)), 'raw')
  const bad = ['', signature.slice(1), `${signature}zz`, `${signature}, ${signature}`, `0x${signature.slice(2)}`]
  for (const header of bad) assert.equal(formOf(check(body, header)), 'signature missing or malformed')
  for (const header of [undefined, [], [signature, signature]]) {
    assert.equal(formOf(verifyNotification(bytes(body), header, [secret])), 'signature missing or malformed')
  }
  assert.equal(formOf(verifyNotification(bytes(body), [signature], [secret])), 'raw')
})

test('a signed text that is not one plain object is refused as such', () => {
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
  assert.equal(formOf(check(nested(16))), 'raw')
  const texts = ['', '[]', '"x"', '1', 'null', '{}{}', '{} x', '{"a":1', '{"a":01}', '{a:1}', "{'a':1}", '{"a":1,}']
  const traps = ['{"a":1,"a":1}', '{"f":{"a":1,"\\u0061":2}}', '{"__proto__":1}', '{"f":{"\\u005f_proto__":{}}}']
  for (const text of [...texts, ...traps, nested(17), `\ufeff${genuine.body}`, '{"a":"\n"}', '\u00a0{}']) {
    assert.equal(formOf(check(text)), 'not one JSON object', text)
  }
})

test('__proto__ as a value and constructor as a key are plain text', () => {
  const result = check('{"constructor":{"prototype":{"polluted":true}},"order_id":"__proto__"}')
  assert.equal(formOf(result), 'raw')
  assert.equal('polluted' in {}, false)
})

test('bytes that are not UTF-8 are refused even when signed', () => {
  const body = Buffer.concat([bytes('{"a":"'), Buffer.from([0xff, 0xfe]), bytes('"}')])
  assert.equal(formOf(verifyNotification(body, signText(secret, body), [secret])), 'not one JSON object')
})

test('one byte over 64 KiB is too much', () => {
  const padded = (size: number) => `{"a":"${'x'.repeat(size - 8)}"}`
  assert.equal(formOf(check(padded(65_536))), 'raw')
  assert.equal(formOf(check(padded(65_537))), 'too large')
})

test('a number JavaScript cannot hold is never verified by what it would be rounded to', () => {
  const rounded = signText(secret, '{"payment_id":9007199254740992}')
  assert.equal(formOf(check('{"payment_id":9007199254740993}', rounded)), 'signature does not match')
  assert.equal(formOf(check('{"payment_id":9007199254740993}')), 'raw')
  const huge = signText(secret, '{"a":null}')
  assert.equal(formOf(check('{"a":1e400}', huge)), 'signature does not match')
  assert.equal(formOf(check('{"a":1e-400}', signText(secret, '{"a":0}'))), 'signature does not match')
  assert.equal(formOf(check('{"a":-0.0}', signText(secret, '{"a":0}'))), 'js')
})

test('a bad signature is 401, what is not an object 400, a missing secret a call to come back', () => {
  assert.equal(statusOfRefusal['signature does not match'], 401)
  assert.equal(statusOfRefusal['signature missing or malformed'], 401)
  assert.equal(statusOfRefusal['not one JSON object'], 400)
  assert.equal(statusOfRefusal['too large'], 413)
  assert.equal(statusOfRefusal['no secret configured'], 503)
})

test('one changed character makes a genuine notification a forgery', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: genuine.body.length - 1 }),
      fc.string({ minLength: 1, maxLength: 1 }),
      (at, character) => {
        fc.pre(character !== 'E') // 1E-7 is 1e-7
        const tampered = genuine.body.slice(0, at) + character + genuine.body.slice(at + 1)
        fc.pre(tampered !== genuine.body)
        const result = check(tampered, genuine.signature)
        // White space in place of nothing else is the only change that keeps the meaning, and here it never does.
        assert.equal(result.kind, 'refused')
      },
    ),
  )
})

test('whatever the order and the spacing, a genuine notification stays genuine', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(Object.keys(payload), { minLength: 6 }), fc.nat({ max: 4 }), (names, indent) => {
      const shuffled = Object.fromEntries(names.map((name) => [name, payload[name as keyof typeof payload]]))
      assert.equal(check(JSON.stringify(shuffled, null, indent), genuine.signature).kind, 'verified')
    }),
  )
})
