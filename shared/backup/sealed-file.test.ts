import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { keyIdOf, sealed, unsealed } from './sealed-file.ts'

const takenAt = new Date('2026-11-27T03:00:00Z')
const key = randomBytes(32)

async function* from(...pieces: Buffer[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield await Promise.resolve(piece)
}

async function all(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const found: Buffer[] = []
  for await (const piece of pieces) found.push(piece)
  return Buffer.concat(found)
}

const seal = (plain: Buffer, given: Buffer | undefined = key) => all(sealed(from(plain), { takenAt, key: given }))
const open = (file: Buffer, given: Buffer | undefined = key) => all(unsealed(from(file), given))

for (const given of [key, undefined]) {
  const how = given === undefined ? 'without a key' : 'with a key'
  test(`what is sealed ${how} comes out as it was, whatever its size and in whatever pieces it is read`, async () => {
    for (const size of [0, 1, 65_535, 65_536, 65_537, 300_000]) {
      const plain = randomBytes(size)
      const file = await all(sealed(from(plain), { takenAt, key: given }))
      const middle = Math.floor(file.length / 3)
      const read = await all(unsealed(from(file.subarray(0, middle), Buffer.alloc(0), file.subarray(middle)), given))
      assert.ok(read.equals(plain), `${size} bytes`)
    }
  })

  test(`a sealed file ${how} of which any byte was changed, or the end cut off, is refused`, async () => {
    const file = await all(sealed(from(randomBytes(200_000)), { takenAt, key: given }))
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Buffer.from(file)
        changed[at] = (changed[at] ?? 0) ^ change
        await assert.rejects(all(unsealed(from(changed), given)), { name: 'BackupUnusable' })
        await assert.rejects(all(unsealed(from(file.subarray(0, at)), given)), { name: 'BackupUnusable' })
      }),
      { numRuns: 100 },
    )
  })
}

test('pieces that were swapped, left out or added are noticed', async () => {
  const file = await seal(randomBytes(65_536 * 3))
  const start = file.indexOf(10, 20) + 1
  const size = 4 + 65_536 + 16
  const [head, one, two, three] = [
    file.subarray(0, start),
    ...[0, 1, 2].map((n) => file.subarray(start + n * size, start + (n + 1) * size)),
  ] as [Buffer, Buffer, Buffer, Buffer]
  assert.equal((await open(Buffer.concat([head, one, two, three]))).length, 65_536 * 3)
  for (const wrong of [
    [two, one, three],
    [one, three],
    [one, two],
    [one, two, three, three],
    [one, one, two, three],
  ]) {
    await assert.rejects(open(Buffer.concat([head, ...wrong])), /damaged/)
  }
})

test('an encrypted file shows nothing of what is in it, and two of the same differ', async () => {
  const plain = Buffer.from('the books of the shop '.repeat(5_000))
  const [one, other] = [await seal(plain), await seal(plain)]
  assert.equal(one.includes('the books'), false)
  assert.equal(one.subarray(200).equals(other.subarray(200)), false)
})

test('without its key, or with another, an encrypted file says which key it needs', async () => {
  const file = await seal(Buffer.from('secret'))
  const other = randomBytes(32)
  await assert.rejects(all(unsealed(from(file), undefined)), new RegExp(`set BACKUP_KEY to the key ${keyIdOf(key)}`))
  await assert.rejects(open(file, other), new RegExp(`needs ${keyIdOf(key)}, BACKUP_KEY is ${keyIdOf(other)}`))
})

test('something else than a backup, and one of a newer kind, are told apart', async () => {
  await assert.rejects(open(Buffer.from('PK something that is a zip perhaps')), /no backup of Comptoir/)
  await assert.rejects(open(Buffer.from('COMPTOIR BACKUP 2\n{}\n')), /newer release/)
})
