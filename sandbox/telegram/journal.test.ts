import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { Journal } from './journal.ts'

function file(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'journal-'))
  t.after(() => {
    rmSync(folder, { recursive: true })
  })
  return path.join(folder, 'journal.jsonl')
}

test('what was put and not removed is there after a restart, and the file does not grow for ever', (t) => {
  const name = file(t)
  const before = new Journal(name)
  const table = before.table<{ n: number }>('things')
  for (let n = 0; n < 10; n++) table.put('same', { n })
  table.put('gone', { n: 1 })
  table.remove('gone')
  before.close()
  const after = new Journal(name)
  t.after(() => {
    after.close()
  })
  assert.deepEqual(after.table('things').values(), [{ n: 9 }])
  assert.equal(readFileSync(name, 'utf8').trim().split('\n').length, 1)
})

test('half a line at the end, left by a killed process, is ignored', (t) => {
  const name = file(t)
  const before = new Journal(name)
  before.table('things').put('a', 1)
  before.close()
  appendFileSync(name, '["things","b",{"te')
  const after = new Journal(name)
  assert.deepEqual(after.table('things').values(), [1])
  after.close()
})

test('a damaged line in the middle is an error that names it', (t) => {
  const name = file(t)
  const before = new Journal(name)
  before.table('things').put('a', 1)
  before.close()
  appendFileSync(name, 'damaged\n["things","b",2]\n')
  assert.throws(() => new Journal(name), /Line 2 of .* is damaged/)
})
