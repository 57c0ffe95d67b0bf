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

test('HTML becomes text with entities counted in UTF-16 units', () => {
  assert.deepEqual(
    read('😀 <b>Fonts &amp; icons</b> <a href="https://shop.example/?a=1&amp;b=2">preview</a>', 'HTML'),
    {
      text: '😀 Fonts & icons preview',
      entities: [
        { type: 'bold', offset: 3, length: 13 },
        { type: 'text_link', offset: 17, length: 7, url: 'https://shop.example/?a=1&b=2' },
      ],
    },
  )
})

test('HTML that Telegram refuses is refused in the same words', () => {
  const cases = {
    'a<br>b': 'Unsupported start tag "br" at byte offset 1',
    'é<p>': 'Unsupported start tag "p" at byte offset 2',
    '<b>bold': 'Can\'t find end tag corresponding to start tag "b"',
    'text</b>': 'Unexpected end tag at byte offset 4',
    '<b>x</i>': 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
    'a < b': 'Unsupported start tag "" at byte offset 2',
    'a <': 'Unclosed start tag at byte offset 2',
    '<span>x</span>': 'Tag "span" must have class "tg-spoiler" at byte offset 0',
    '<a href=x/y>z</a>': 'Unexpected end of name token at byte offset 8',
    '<a ="x">z</a>': 'Empty attribute name in the tag "a" at byte offset 0',
    '<a href>z': 'Can\'t find end tag corresponding to start tag "a"',
    '<a href': 'Unclosed start tag "a" at byte offset 0',
    '<b>x</b': 'Unclosed end tag at byte offset 4',
    '<b>&#xd83d;</b>':
      'Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units',
  }
  for (const [html, reason] of Object.entries(cases)) {
    assert.equal(
      refusal(() => read(html, 'HTML')),
      `Bad Request: can't parse entities: ${reason}`,
      html,
    )
  }
})

test('only the four named references of HTML and numbers are decoded', () => {
  assert.equal(read('&lt;&gt;&amp;&quot;&nbsp;&copy; &#65;&#x42; &am', 'HTML').text, '<>&"&nbsp;&copy; AB &am')
})

test('code in pre keeps its language, whichever tag is outside', () => {
  const expected = [{ type: 'pre', offset: 0, length: 1, language: 'ts' }]
  assert.deepEqual(read('<pre><code class="language-ts">x</code></pre>', 'html').entities, expected)
  assert.deepEqual(read('<code class="language-ts"><pre>x</pre></code>', 'html').entities, expected)
  assert.deepEqual(read('<code class="language-ts">x</code>', 'html').entities, [
    { type: 'code', offset: 0, length: 1 },
  ])
})

test('quotations, spoilers, emoji and links to users are understood', () => {
  assert.deepEqual(
    read(
      '<blockquote expandable>q</blockquote>\n<tg-spoiler>s</tg-spoiler> <tg-emoji emoji-id="5368324170671202286">👍</tg-emoji> <a href="tg://user?id=7">u</a>',
      'HTML',
    ).entities,
    [
      { type: 'expandable_blockquote', offset: 0, length: 1 },
      { type: 'spoiler', offset: 2, length: 1 },
      { type: 'custom_emoji', offset: 4, length: 2, custom_emoji_id: '5368324170671202286' },
      { type: 'text_mention', offset: 7, length: 1, user: { id: 7, is_bot: false, first_name: '' } },
    ],
  )
})

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

test('rendered HTML never contains markup that came from the text', () => {
  const nasty = fc.stringMatching(/^[<>&"' a/=javscript:😀\n]{0,40}$/u)
  const entity = fc.record({
    type: fc.constantFrom('bold', 'italic', 'code', 'pre', 'spoiler', 'blockquote', 'text_link', 'underline'),
    offset: fc.nat(20),
    length: fc.nat(20),
    url: fc.constantFrom('https://x.example/"><script>', 'javascript:alert(1)', 'tg://user?id=1'),
  })
  fc.assert(
    fc.property(nasty, fc.array(entity, { maxLength: 6 }), (text, entities) => {
      let formatted
      try {
        formatted = read(text, '', entities)
      } catch (error) {
        assert.ok(error instanceof BotApiError)
        return
      }
      const html = renderHtml(formatted)
      const tags = html.match(/<[^>]*>/g) ?? []
      for (const tag of tags) {
        assert.match(
          tag,
          /^<(?:\/?(?:b|i|u|s|code|pre|span|blockquote|a)|br|span class="spoiler"|a href="(?:https?|tg):[^"<>]*" rel="noreferrer noopener")>$/,
        )
      }
      const shown = html
        .replace(/<br>/g, '\n')
        .replace(/<[^>]*>/g, '')
        .replace(/&lt;/g, '<')
        .replace(/&gt;/g, '>')
        .replace(/&amp;/g, '&')
      assert.equal(shown, formatted.text)
      assertBalanced(tags)
    }),
  )
})

function assertBalanced(tags: string[]): void {
  const open: string[] = []
  for (const tag of tags.filter((other) => other !== '<br>')) {
    const name = /^<\/?(\w+)/.exec(tag)?.[1] ?? ''
    if (tag.startsWith('</')) assert.equal(open.pop(), name)
    else open.push(name)
  }
  assert.deepEqual(open, [])
}

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
