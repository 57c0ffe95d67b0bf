import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPictureName, refuseBytes, refuseSize } from './cover-rules.ts'

test('a cover is refused just beyond each of its limits', () => {
  assert.equal(refuseBytes(0n), 'empty')
  assert.equal(refuseBytes(5_242_880n), undefined)
  assert.equal(refuseBytes(5_242_881n), 'too many bytes')
  assert.equal(refuseSize({ width: 200, height: 200 }), undefined)
  assert.equal(refuseSize({ width: 199, height: 800 }), 'too small')
  assert.equal(refuseSize({ width: 2000, height: 200 }), undefined)
  assert.equal(refuseSize({ width: 200, height: 2001 }), 'too narrow')
  assert.equal(refuseSize({ width: 10_000, height: 5_000 }), undefined)
  assert.equal(refuseSize({ width: 10_001, height: 2_000 }), 'too large')
  assert.equal(refuseSize({ width: 10_000, height: 5_001 }), 'too large')
})

test('a picture sent as a file is known by its name', () => {
  for (const name of ['a.jpg', 'A.JPEG', 'b.png', 'c.WebP']) assert.ok(isPictureName(name), name)
  for (const name of ['a.svg', 'jpg', 'a.jpg.exe', 'a.gif', '']) assert.ok(!isPictureName(name), name)
})
