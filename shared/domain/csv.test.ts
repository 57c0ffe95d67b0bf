import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csv } from './csv.ts'

test('a table keeps commas, quotes and line breaks inside their cells', () => {
  assert.equal(
    csv([
      ['a', 'b,c'],
      ['"d"', 'e\nf'],
    ]),
    '\ufeffa,"b,c"\r\n"""d""","e\nf"\r\n',
  )
})

test('no name of a shop becomes a formula in the spreadsheet of an administrator', () => {
  for (const name of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])
    assert.ok(
      csv([[name]])
        .replaceAll('"', '')
        .startsWith("\ufeff'"),
      name,
    )
})
