import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cleanFileName, typeOf } from './file-rules.ts'

const named: readonly (readonly [sent: string, shown: string])[] = [
  ['Leçon 3.pdf', 'Leçon 3.pdf'],
  ['../../etc/passwd.pdf', 'passwd.pdf'],
  ['C:\\Users\\me\\plan.docx', 'plan.docx'],
  [`it's "good".pdf`, 'it’s good.pdf'],
  ['two\r\nlines\u0000.pdf', 'two lines .pdf'],
  ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
  ['  .hidden.pdf. ', 'hidden.pdf'],
  ['e\u0301te\u0301.zip', 'été.zip'],
  ['a<b>|c*?.zip', 'a_b_c_.zip'],
]

for (const [sent, shown] of named) {
  test(`a file called ${JSON.stringify(sent)} is shown as ${JSON.stringify(shown)}`, () => {
    assert.equal(cleanFileName(sent), shown)
  })
}

test('a long name keeps its extension within a hundred characters', () => {
  const name = cleanFileName(`${'🦊'.repeat(300)}.epub`)
  assert.equal(Array.from(name).length, 100)
  assert.ok(name.endsWith('🦊.epub'))
})

test('no name, however hostile, keeps a path, a quote, a control or a sign that turns the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (sent) => {
      const name = cleanFileName(sent)
      assert.doesNotMatch(name, /[\p{Cc}"'\\/\u200e\u200f\u202a-\u202e\u2066-\u2069]|^[. ]|[. ]$/u)
      assert.ok(Array.from(name).length <= 100)
      assert.equal(cleanFileName(name), name)
    }),
  )
})

const typed: readonly (readonly [name: string, result: string])[] = [
  ['guide.PDF', 'document'],
  ['album.flac', 'audio'],
  ['setup.pdf.exe', 'blocked type'],
  ['run.EXE', 'blocked type'],
  ['readme', 'no extension'],
  ['.pdf', 'no extension'],
  ['guide.', 'no extension'],
  ['paint.xyz', 'unsupported type'],
  ['fake.ｐｄｆ', 'unsupported type'],
  ['map.kmz', 'other'],
  ['lib.d.ts', 'code'],
  ['object.constructor', 'unsupported type'],
]

for (const [name, result] of typed) {
  test(`${name} is taken for: ${result}`, () => {
    const type = typeOf(name)
    assert.equal('refused' in type ? type.refused : type.kind, result)
  })
}
