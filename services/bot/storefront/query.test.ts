import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeIn, faultOf, tidyQuery, wordsOf } from './query.ts'

test('a search is what is left when invisible characters and double spaces are gone', () => {
  assert.equal(tidyQuery('  photo \n\u200b  pack\u0000 '), 'photo pack')
})

test('a search has 2 to 100 characters, counted as people count them', () => {
  assert.deepEqual(faultOf('a'), { kind: 'too short', length: 1 })
  assert.equal(faultOf('ab'), undefined)
  assert.equal(faultOf('🎁'.repeat(100)), undefined)
  assert.deepEqual(faultOf('x'.repeat(101)), { kind: 'too long', length: 101 })
})

test('a word typed twice is looked for once', () => {
  assert.deepEqual(wordsOf('pack photo pack'), ['pack', 'photo'])
})

test('eight characters of the code alphabet are a product code, in any case', () => {
  assert.equal(codeIn('7k3mab9z'), '7K3MAB9Z')
  assert.equal(codeIn('template'), undefined)
})
