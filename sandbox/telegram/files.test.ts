import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cleanFileName } from './file-names.ts'
import { readImageHeader } from './images.ts'
import { callBot, form, picture, startScene, testToken } from './testing.ts'

test('the size of a picture is read from its own header', async () => {
  for (const format of ['png', 'jpeg', 'webp'] as const) {
    assert.deepEqual(readImageHeader(await picture(123, 45, format)), { format, width: 123, height: 45 })
  }
  assert.equal(readImageHeader(Buffer.from('<svg width="9" height="9">')), undefined)
  assert.equal(readImageHeader(Buffer.from([0xff, 0xd8, 0xff])), undefined)
})

test('a photo comes back in several sizes, the largest last', async (t) => {
  const { call, person, emulator } = await startScene(t)
  const { result } = await call('sendPhoto', form('photo', await picture(1000, 500), 'p.png', { chat_id: person.id }))
  const sizes = result.photo.map(({ width, height }) => `${width}x${height}`)
  assert.deepEqual(sizes, ['90x45', '320x160', '800x400', '1000x500'])
  const bytes = await emulator.fileBytes(result.photo[3]?.file_id ?? '')
  assert.deepEqual(readImageHeader(bytes), { format: 'jpeg', width: 1000, height: 500 })
  assert.equal(bytes.length, result.photo[3]?.file_size)
})

test('pictures Telegram cannot show are refused', async (t) => {
  const { call, person } = await startScene(t)
  const send = async (bytes: Buffer) =>
    (await call('sendPhoto', form('photo', bytes, 'p.png', { chat_id: person.id }))).description.replace(
      'Bad Request: ',
      '',
    )
  assert.equal(await send(await picture(2100, 100)), 'PHOTO_INVALID_DIMENSIONS')
  assert.equal(await send(await picture(6000, 4001)), 'PHOTO_INVALID_DIMENSIONS')
  assert.equal(await send(Buffer.from('not a picture')), 'IMAGE_PROCESS_FAILED')
  const truncated = (await picture(300, 300)).subarray(0, 60)
  assert.equal(await send(truncated), 'IMAGE_PROCESS_FAILED')
  assert.match(await send(Buffer.alloc(10 * 1024 * 1024 + 1)), /^file of size 10485761 bytes is too big for a photo/)
  assert.equal(await send(Buffer.alloc(0)), 'file must be non-empty')
})

test('an empty document is refused, and one must be there', async (t) => {
  const { call, say, person } = await startScene(t)
  const empty = await call('sendDocument', form('document', Buffer.alloc(0), 'a.txt', { chat_id: person.id }))
  assert.equal(empty.description, 'Bad Request: file must be non-empty')
  assert.equal((await say('sendDocument')).description, 'Bad Request: there is no document in the request')
  assert.equal((await say('sendPhoto')).description, 'Bad Request: there is no photo in the request')
})

test('a document is sent again by its id, and downloaded byte for byte', async (t) => {
  const { emulator, call, say, person } = await startScene(t)
  const bytes = Buffer.from('the product')
  const sent = await call('sendDocument', form('document', bytes, 'book.pdf', { chat_id: person.id }))
  const { document } = sent.result
  assert.equal(document.mime_type, 'application/pdf')
  const again = await say('sendDocument', { document: document.file_id })
  assert.deepEqual(again.result.document, document)
  const file = await call('getFile', { file_id: document.file_id })
  assert.match(file.result.file_path, /^documents\/file_\d+\.pdf$/)
  const download = await fetch(`${emulator.url}/file/bot${testToken}/${file.result.file_path}`)
  assert.deepEqual(Buffer.from(await download.arrayBuffer()), bytes)
  assert.equal((await fetch(`${emulator.url}/file/bot${testToken}/documents/../x`)).status, 404)
})

test('a file id belongs to one bot and one kind', async (t) => {
  const { emulator, call, say, person } = await startScene(t)
  emulator.addBot({ token: '43:OTHER', username: 'other_bot', first_name: 'Other' })
  const atOther = emulator.addPerson({ id: person.id, first_name: 'Ann' }, '43:OTHER')
  atOther.send('/start')
  const { result } = await call(
    'sendDocument',
    form('document', await picture(400, 400), 'p.png', { chat_id: person.id }),
  )
  const { file_id, thumbnail } = result.document
  const foreign = await callBot(emulator, '43:OTHER', 'sendDocument', { chat_id: person.id, document: file_id })
  assert.equal(foreign.description, 'Bad Request: wrong file identifier/HTTP URL specified')
  assert.equal(
    (await say('sendPhoto', { photo: file_id })).description,
    "Bad Request: can't use file of type Document as Photo",
  )
  assert.equal(
    (await say('sendDocument', { document: thumbnail.file_id })).description,
    "Bad Request: can't use file of type Thumbnail as Document",
  )
  assert.equal(
    (await say('sendDocument', { document: 'nonsense' })).description,
    'Bad Request: wrong file identifier/HTTP URL specified',
  )
  assert.equal(
    (await say('sendDocument', { document: 'https://shop.example/a.zip' })).description,
    'Bad Request: failed to get HTTP URL content',
  )
})

test('a file over 20 MB is delivered but cannot be downloaded by the bot', async (t) => {
  const { call, person } = await startScene(t)
  const big = Buffer.alloc(20 * 1024 * 1024 + 1, 7)
  const { result } = await call('sendDocument', form('document', big, 'big.zip', { chat_id: person.id }))
  assert.equal(
    (await call('getFile', { file_id: result.document.file_id })).description,
    'Bad Request: file is too big',
  )
  assert.equal(
    (await call('getFile', { file_id: 'x' })).description,
    'Bad Request: wrong file_id or the file is temporarily unavailable',
  )
})

test('a good thumbnail is used, a bad one is silently ignored', async (t) => {
  const { call, person } = await startScene(t)
  const send = async (thumbnail: Buffer) => {
    const data = form('document', Buffer.from('zip'), 'a.zip', { chat_id: person.id })
    data.set('thumbnail', new Blob([new Uint8Array(thumbnail)]), 't.jpg')
    return (await call('sendDocument', data)).result.document.thumbnail as { width: number } | undefined
  }
  assert.equal((await send(await picture(320, 200, 'jpeg')))?.width, 320)
  assert.equal(await send(await picture(321, 200, 'jpeg')), undefined)
  assert.equal(await send(await picture(100, 100, 'png')), undefined)
})

test('file names are cleaned as Telegram cleans them', () => {
  const cases = {
    'a/b"c<d>.tar.gz': 'b c d .tar.gz',
    '../../etc/passwd': 'passwd',
    'x\r\nContent-Type: evil.html': 'x  Content-Type  evil.html',
    '  . spaced . .pdf': 'spaced.pdf',
    '.gitignore': 'gitignore',
    'книга.pdf': 'книга.pdf',
    '???': '',
  }
  for (const [name, clean] of Object.entries(cases)) assert.equal(cleanFileName(name), clean, name)
  assert.equal(cleanFileName(`${'x'.repeat(100)}.${'y'.repeat(30)}`), `${'x'.repeat(64)}.${'y'.repeat(16)}`)
})
