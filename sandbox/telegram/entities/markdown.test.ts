import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMessageText } from '../entities.ts'
import { BotApiError } from '../errors.ts'

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

test('legacy Markdown stumbles over the underscore of a title, and swallows pairs silently', () => {
  assert.equal(
    refusal(() => read('Photoshop_2024', 'Markdown')),
    "Bad Request: can't parse entities: Can't find end of the entity starting at byte offset 9",
  )
  assert.equal(read('my_file_name', 'Markdown').text, 'myfilename')
  assert.equal(read('[Sale] item', 'Markdown').text, 'Sale item')
  assert.equal(read('my\\_file', 'Markdown').text, 'my_file')
})

test('legacy Markdown knows bold, italic, code, pre and links', () => {
  const { text, entities } = read('*b* _i_ `c` ```js\nx``` [t](https://shop.example)', 'markdown')
  assert.equal(text, 'b i c x t')
  assert.deepEqual(
    entities.map(({ type, offset }) => `${type}@${offset}`),
    ['bold@0', 'italic@2', 'code@4', 'pre@6', 'text_link@8'],
  )
  assert.equal(entities[3]?.language, 'js')
})

test('MarkdownV2 insists on escaping', () => {
  const cases = {
    'v1.0': "Character '.' is reserved and must be escaped with the preceding '\\'",
    '50% > 40%': "Character '>' is reserved and must be escaped with the preceding '\\'",
    'a | b': "Character '|' is reserved and must be escaped with the preceding '\\'",
    'hi!': "Character '!' is reserved and must be escaped with the preceding '\\'",
    '*open': "Can't find end of Bold entity at byte offset 0",
    'é __open': "Can't find end of Underline entity at byte offset 3",
    '[a](b': "Can't find end of a URL at byte offset 4",
    '![a]': 'The entity must contain a tg://emoji or tg://time URL',
    '![a](tg://x)': 'Invalid tg://emoji or tg://time URL specified',
  }
  for (const [markdown, reason] of Object.entries(cases)) {
    assert.equal(
      refusal(() => read(markdown, 'MarkdownV2')),
      `Bad Request: can't parse entities: ${reason}`,
      markdown,
    )
  }
})

test('MarkdownV2 nests, and underlines before it slants', () => {
  const types = (text: string) =>
    read(text, 'MarkdownV2').entities.map(({ type, offset, length }) => `${type} ${offset}+${length}`)
  assert.deepEqual(types('*b _i __u___*'), [
    'bold 0+2',
    'bold 2+2',
    'italic 2+2',
    'bold 4+1',
    'italic 4+1',
    'underline 4+1',
  ])
  assert.deepEqual(types('||s|| `a*b` [t](https://x.example/a\\)b)'), ['spoiler 0+1', 'code 2+3', 'text_link 6+1'])
  assert.deepEqual(types('>one\n>two||\nafter'), ['expandable_blockquote 0+8'])
  assert.equal(read('\\_\\*\\[\\.\\!', 'MarkdownV2').text, '_*[.!')
})
