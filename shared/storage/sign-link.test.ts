import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { attachment } from './sign-link.ts'

test('whatever a seller calls a file, its name is always saved and never opens or breaks out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const header = attachment(name)
      const found = /^attachment; filename="([\x20-\x7e]+)"; filename\*=UTF-8''([\w%.~-]+)$/.exec(header)
      assert.ok(found !== null, header)
      const [, plain = '', encoded = ''] = found
      assert.doesNotMatch(plain, /["\\/%]/)
      assert.doesNotMatch(decodeURIComponent(encoded), /[\p{Cc}"\\/\u202a-\u202e\u2066-\u2069]|^\.|\.$/u)
    }),
  )
})

test('a name keeps its letters on new devices, and stays readable on old ones', () => {
  assert.equal(
    attachment('Leçon n° 3.pdf'),
    `attachment; filename="Lecon n_ 3.pdf"; filename*=UTF-8''Le%C3%A7on%20n%C2%B0%203.pdf`,
  )
  assert.equal(attachment('../../etc/passwd'), `attachment; filename="_.._etc_passwd"; filename*=UTF-8''_.._etc_passwd`)
  assert.equal(attachment('  ...  '), `attachment; filename="file"; filename*=UTF-8''file`)
})
