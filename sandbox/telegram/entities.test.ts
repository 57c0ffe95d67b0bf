import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readCaption, readMessageText, readPlainText } from './entities.ts'
import { renderHtml } from './entities/render.ts'
import { BotApiError } from './errors.ts'

const read = (text: string, parseMode = '', entities?: unknown) => readMessageText({ text, parseMode, entities })

const refusal = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof BotApiError) return error.message
    throw error
  }
  return 'accepted'
}

test('an unknown parse mode is refused, and a parse mode wins over entities', () => {
  assert.equal(
    refusal(() => read('x', 'BBCode')),
    'Bad Request: unsupported parse_mode',
  )
  assert.deepEqual(read('x', 'HTML', [{ type: 'bold', offset: 0, length: 1 }]).entities, [])
  assert.deepEqual(read('x', '', [{ type: 'bold', offset: 0, length: 1 }]).entities, [
    { type: 'bold', offset: 0, length: 1 },
  ])
})

test('entities outside the text or inside a character are refused', () => {
  const bold = (offset: number, length: number) => refusal(() => read('a😀', '', [{ type: 'bold', offset, length }]))
  assert.match(bold(4, 1), /entity begins after the end of the text at UTF-16 offset 4/)
  assert.match(bold(0, 4), /entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 4/)
  assert.match(bold(2, 1), /entity begins in a middle of a UTF-16 symbol/)
  assert.match(bold(0, 2), /ends in a middle of a UTF-16 symbol/)
  assert.match(bold(-1, 2), /incorrect offset -1/)
  assert.match(
    refusal(() => read('a', '', [{ type: 'bold', offset: 0 }])),
    /can't parse MessageEntity: Can't find field "length"/,
  )
  assert.match(
    refusal(() => read('a', '', [{ type: 'loud', offset: 0, length: 1 }])),
    /Unsupported type specified/,
  )
})

test('limits count characters, not units: 4096 of a message, 1024 of a caption', () => {
  assert.equal(read('😀'.repeat(4096)).text.length, 8192)
  assert.equal(
    refusal(() => read('😀'.repeat(4097))),
    'Bad Request: message is too long',
  )
  assert.equal(read(`<b>${'x'.repeat(4096)}</b>`, 'HTML').entities.length, 1)
  assert.equal(
    refusal(() => readCaption({ text: 'x'.repeat(1025), parseMode: '', entities: undefined })),
    'Bad Request: message caption is too long',
  )
  assert.equal(
    refusal(() => read('x'.repeat(32_769))),
    'Bad Request: text is too long',
  )
  assert.equal(
    refusal(() => read('')),
    'Bad Request: message text is empty',
  )
  assert.equal(
    refusal(() => read(' \n ')),
    'Bad Request: text must be non-empty',
  )
})

test('text is trimmed and cleaned, and formatting moves along', () => {
  assert.deepEqual(read('\n  a\tb\r <b>c </b> ', 'HTML'), {
    text: 'a b c',
    entities: [{ type: 'bold', offset: 4, length: 1 }],
  })
})

test('links, commands, mentions, tags and addresses are found in plain text', () => {
  const found = (text: string) =>
    readPlainText(text).entities.map(({ type, offset, length }) => `${type}:${text.slice(offset, offset + length)}`)
  assert.deepEqual(found('/start@shop_bot hi @anna #sale $TON a@b.com https://x.example/a(b). shop.com!'), [
    'bot_command:/start@shop_bot',
    'mention:@anna',
    'hashtag:#sale',
    'cashtag:$TON',
    'email:a@b.com',
    'url:https://x.example/a(b)',
    'url:shop.com',
  ])
  assert.deepEqual(found('1/2 a@ #1 file.txt'), [])
})

test('any text can be sent as escaped HTML and arrives unchanged', () => {
  const escape = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }), (text) => {
      const plain = refusal(() => read(text))
      const escaped = refusal(() => read(escape(text), 'HTML'))
      assert.equal(escaped, plain)
      if (plain === 'accepted') assert.deepEqual(read(escape(text), 'HTML'), read(text))
    }),
  )
})

test('no input makes a parser fail in another way than a refusal', () => {
  const markup = fc.stringMatching(/^[<>/&;#x1abi _*`~|[\]()!\\\n="'-]{0,60}$/)
  fc.assert(
    fc.property(markup, fc.constantFrom('HTML', 'Markdown', 'MarkdownV2'), (text, mode) => {
      refusal(() => renderHtml(read(text, mode)))
    }),
    { numRuns: 1000 },
  )
})
