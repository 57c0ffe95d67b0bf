import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readChangelog, readDescription, readTitle } from './product-text.ts'

const text = (text: string) => ({ kind: 'text', text })
const refused = (kind: string, length: number) => ({ kind: 'refused', fault: { kind, length } })

test('a title is one line without needless spaces, and shown as it was typed otherwise', () => {
  assert.deepEqual(readTitle('  My \t  guide\n\nto\u00a0  PDF '), text('My guide to PDF'))
  assert.deepEqual(readTitle('<b>Bold</b> & "quoted"'), text('<b>Bold</b> & "quoted"'))
  assert.deepEqual(readTitle('Cafe\u0301s'), text('Cafés'))
  assert.deepEqual(readTitle('👩‍👩‍👧 family pack'), text('👩‍👩‍👧 family pack'))
})

test('a title holds nothing that hides, and nothing that turns the rest of the line around', () => {
  assert.deepEqual(readTitle('Guide\u202efdp.exe'), text('Guidefdp.exe'))
  assert.deepEqual(readTitle('a\u0000b\u0007c\u001b[31md e'), text('a b c [31md e'))
  assert.deepEqual(readTitle('\u200b\u2060\ufeff\u3164   '), refused('too short', 0))
  assert.deepEqual(readTitle('\u200d'.repeat(6)), refused('too short', 0))
  assert.deepEqual(readTitle('right \u2067to left\u2069 marks'), text('right to left marks'))
})

test('what is too short or too long is refused with the length it really has, and never cut', () => {
  assert.deepEqual(readTitle(' abcd '), refused('too short', 4))
  assert.deepEqual(readTitle('abcde'), text('abcde'))
  assert.deepEqual(readTitle('x'.repeat(10_000)), refused('too long', 10_000))
  assert.deepEqual(readTitle('😀'.repeat(100)), text('😀'.repeat(100)))
  assert.deepEqual(readTitle('😀'.repeat(101)), refused('too long', 101))
  assert.deepEqual(readDescription('123456789'), refused('too short', 9))
  assert.deepEqual(readDescription('d'.repeat(1001)), refused('too long', 1001))
  assert.deepEqual(readChangelog('c'.repeat(201)), refused('too long', 201))
  assert.deepEqual(readChangelog(''), text(''))
})

test('a description keeps its lines, with at most one empty one between', () => {
  assert.deepEqual(readDescription('One \r\ntwo\r\n\r\n\r\n\r\n  three\u2028four  '), text('One\ntwo\n\nthree\nfour'))
  assert.deepEqual(readDescription('\n\n \n one   two\tthree \n\n'), text('one two three'))
  assert.deepEqual(readDescription('a\u0000\u0001b\u000bc plain'), text('a b\nc plain'))
})

test('cleaning a clean text changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (typed) => {
      for (const read of [readTitle, readDescription]) {
        const once = read(typed)
        if (once.kind === 'text') assert.deepEqual(read(once.text), once)
      }
    }),
  )
})

test('whatever is typed, the database takes what was cleaned', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (typed) => {
      const title = readTitle(typed)
      if (title.kind === 'text') assert.doesNotMatch(title.text, /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]| {2}|^ | $/u)
    }),
  )
})
