import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BotApiError } from './errors.ts'
import { readMultipart } from './multipart.ts'
import { readPartHeader } from './part-header.ts'

type Part = { name: string; fileName: string | undefined; bytes: Buffer }

async function read(body: Buffer, cuts: readonly number[] = [], boundary = 'B'): Promise<Part[]> {
  const parts: Part[] = []
  await readMultipart(chunks(body, cuts), `multipart/form-data; boundary=${boundary}`, ({ name, fileName }) => {
    const part: Part = { name, fileName, bytes: Buffer.alloc(0) }
    parts.push(part)
    return {
      write(bytes) {
        part.bytes = Buffer.concat([part.bytes, bytes])
      },
      end: () => undefined,
    }
  })
  return parts
}

async function* chunks(body: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  const places = [0, ...cuts.filter((cut) => cut > 0 && cut < body.length).sort((a, b) => a - b), body.length]
  for (const [index, end] of places.slice(1).entries()) yield await Promise.resolve(body.subarray(places[index], end))
}

test('a form is read the same wherever the network cuts it', async () => {
  const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array))
  const nasty = fc
    .constantFrom('\r\n--', '--B', '\r\n--C', '\r\n\r\n', '--B--', '\r\n')
    .map((text) => Buffer.from(text))
  const content = fc.array(fc.oneof(bytes, nasty), { maxLength: 4 }).map((pieces) => Buffer.concat(pieces))
  const safe = content.filter((piece) => !Buffer.concat([Buffer.from('\r\n'), piece]).includes('\r\n--B'))
  await fc.assert(
    fc.asyncProperty(
      fc.array(safe, { maxLength: 4 }),
      fc.array(fc.nat(400), { maxLength: 8 }),
      async (contents, cuts) => {
        const pieces = contents.map((piece, index) => [
          Buffer.from(`--B\r\nContent-Disposition: form-data; name="p${index}"\r\n\r\n`),
          piece,
          Buffer.from('\r\n'),
        ])
        const parts = await read(Buffer.concat([...pieces.flat(), Buffer.from('--B--\r\n')]), cuts)
        assert.deepEqual(
          parts.map((part) => part.bytes.toString('hex')),
          contents.map((piece) => piece.toString('hex')),
        )
      },
    ),
  )
})

test('a form that ends too early or has no boundary is refused', async () => {
  const refusal = async (body: string) => {
    try {
      await read(Buffer.from(body))
    } catch (error) {
      if (error instanceof BotApiError) return error.message
      throw error
    }
    return 'accepted'
  }
  assert.match(await refusal('nothing'), /ended unexpectedly/)
  assert.match(await refusal('--B\r\nContent-Disposition: form-data; name=a\r\n\r\nvalue'), /ended unexpectedly/)
  assert.match(await refusal('--B\r\nX: y\r\n\r\nvalue\r\n--B--'), /field name in multipart\/form-data not found/)
  assert.match(await refusal(`--B\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`), /headers size exceeded/)
  await assert.rejects(
    readMultipart(chunks(Buffer.from(''), []), 'multipart/form-data', () => assert.fail()),
    /boundary not found/,
  )
})

test('file names are read quoted, bare, escaped and percent-encoded', () => {
  const name = (value: string) => readPartHeader(`Content-Disposition: form-data; name="f"; filename=${value}`).fileName
  assert.equal(name('"my notes.txt"'), 'my notes.txt')
  assert.equal(name('my notes.txt'), 'my notes.txt')
  assert.equal(name('"a \\"quoted\\" name"'), 'a "quoted" name')
  assert.equal(name('"%22%C3%A9%zz"'), '"é%zz')
  assert.equal(name('""'), '')
  assert.equal(readPartHeader('content-disposition: form-data; name=x').fileName, undefined)
})

test('a quote that was not escaped in a file name is refused, as the server refuses it', () => {
  const read = (value: string) => () => readPartHeader(`Content-Disposition: form-data; name="f"; filename=${value}`)
  assert.throws(read('"back "x".pdf"'), /expected ';' in Content-Disposition header/)
  assert.throws(read('"open'), /unclosed quoted string in Content-Disposition header/)
})
