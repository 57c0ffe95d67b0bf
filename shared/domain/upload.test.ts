import assert from 'node:assert/strict'
import { test } from 'node:test'
import { constantFrom, property, assert as check, bigInt } from 'fast-check'
import { bytesOfPart, partBytesFor, partCount } from './upload.ts'

const tenGigabytes = 10n * 1024n ** 3n

test('a file of 10 GB goes in 640 parts of 16 MB', () => {
  const upload = { sizeBytes: tenGigabytes, partBytes: partBytesFor(tenGigabytes) }
  assert.deepEqual([upload.partBytes, partCount(upload)], [16 * 1024 ** 2, 640])
})

test('the parts of any file add up to it, none is empty, and a bucket takes that many', () => {
  const sizes = bigInt({ min: 1n, max: 400n * tenGigabytes })
  check(
    property(sizes, constantFrom(undefined, 5 * 1024 ** 2), (sizeBytes, given) => {
      const upload = { sizeBytes, partBytes: given ?? partBytesFor(sizeBytes) }
      const count = partCount(upload)
      const last = bytesOfPart(upload, count)
      assert.ok(last > 0 && last <= upload.partBytes)
      assert.equal(BigInt(count - 1) * BigInt(upload.partBytes) + BigInt(last), sizeBytes)
      if (given === undefined) assert.ok(count <= 10_000)
    }),
  )
})
