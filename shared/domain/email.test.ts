import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEmail } from './email.ts'

const faultOf = (text: string) => {
  const read = readEmail(text)
  return read.kind === 'refused' ? read.fault.kind : undefined
}

test('takes e-mail addresses as people write them, in lower case and without spaces around', () => {
  assert.deepEqual(readEmail('  Ada.Lovelace+Shop@Example.CO.UK\n'), {
    kind: 'email',
    email: 'ada.lovelace+shop@example.co.uk',
  })
  for (const text of ['a@b.fr', 'élise@société.fr', "o'neil_1@mail-2.example.org"])
    assert.equal(faultOf(text), undefined, text)
})

test('says what is wrong with an e-mail address', () => {
  const wrong = {
    '': 'empty',
    ada: 'no at',
    'a@b@c.fr': 'several ats',
    'ada @b.fr': 'several words',
    'a@b.fr\nBcc: c@d.fr': 'several words',
    '@b.fr': 'name',
    'a..b@c.fr': 'name',
    '.a@c.fr': 'name',
    '<a>@c.fr': 'name',
    'a\u202e@c.fr': 'name',
    'a@localhost': 'domain',
    'a@.fr': 'domain',
    'a@b..fr': 'domain',
    'a@-b.fr': 'domain',
    'a@b.f': 'domain',
    'a@127.0.0.1': 'domain',
    [`${'a'.repeat(65)}@b.fr`]: 'name',
  }
  for (const [text, fault] of Object.entries(wrong)) assert.equal(faultOf(text), fault, text)
})

test('counts an e-mail address and takes 254 characters at most', () => {
  const long = (length: number) =>
    `a@${'b'.repeat(50)}.${'c'.repeat(50)}.${'d'.repeat(50)}.${'e'.repeat(50)}.${'f'.repeat(length - 206)}`
  assert.equal(faultOf(long(254)), undefined)
  assert.deepEqual(readEmail(long(255)), { kind: 'refused', fault: { kind: 'too long', length: 255 } })
  assert.equal(faultOf(`${'a'.repeat(10_000)}@b.fr`), 'too long')
})
