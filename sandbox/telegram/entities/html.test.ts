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
