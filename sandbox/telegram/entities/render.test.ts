import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readMessageText } from '../entities.ts'
import { BotApiError } from '../errors.ts'
import { renderHtml } from './render.ts'

const read = (text: string, parseMode = '', entities?: unknown) => readMessageText({ text, parseMode, entities })

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
