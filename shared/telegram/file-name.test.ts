import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { safeFileName } from './file-name.ts'

test('keeps an ordinary name in any script', () => {
  for (const name of ['Guide complet – été 2026.pdf', '日本語の本.epub', 'مرحبا.zip', 'фото 1.psd']) {
    assert.equal(safeFileName(name), name.normalize('NFC'))
  }
})

test('cannot be used to write into the request around it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const safe = safeFileName(name)
      assert.doesNotMatch(safe, /[\r\n"\\/\u0000-\u001f\u202a-\u202e\u2066-\u2069]/)
      assert.ok(Array.from(safe).length <= 100)
      assert.ok(safe.length > 0)
      assert.ok(safe.isWellFormed())
      assert.equal(safeFileName(safe), safe)
    }),
  )
})

test('turns a disguised or path-like name into what it is', () => {
  assert.equal(safeFileName('a"; filename="b.pdf'), 'a_; filename=_b.pdf')
  assert.equal(safeFileName('../../etc/passwd'), '_.._etc_passwd')
  assert.equal(safeFileName('invoice\u202efdp.exe'), 'invoicefdp.exe')
  assert.equal(safeFileName('\r\n'), 'file')
})

test('shortens a long name but not its extension', () => {
  assert.equal(safeFileName(`${'é'.repeat(300)}.pdf`), `${'é'.repeat(96)}.pdf`)
})
