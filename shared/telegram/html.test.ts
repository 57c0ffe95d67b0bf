import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bold, code, dotted, escape, html, lines, link, nothing } from './html.ts'
import { asCaption, cut, fit, visibleLength, withElastic } from './text-length.ts'

const decoded = (text: string): string =>
  text
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')

test('shows a title with markup in it literally', () => {
  assert.equal(bold(escape('<b>50% off</b> & "more"')), '<b>&lt;b&gt;50% off&lt;/b&gt; &amp; &quot;more&quot;</b>')
  fc.assert(
    fc.property(fc.string(), (text) => {
      const clean = text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
      assert.equal(decoded(html`<b>${escape(text)}</b>`), clean)
    }),
  )
})

test('drops what would turn a line around', () => {
  assert.equal(escape('a\u202eb\u2066c\u0000d\ne'), 'abcd\ne')
  assert.equal(escape('\ud800x').isWellFormed(), true)
})

test('links only to the web and into Telegram', () => {
  assert.equal(link(escape('shop'), 'https://t.me/a?b=1&c="'), '<a href="https://t.me/a?b=1&amp;c=&quot;">shop</a>')
  assert.equal(link(escape('shop'), 'javascript:alert(1)'), 'shop')
})

test('leaves no empty line for what is absent', () => {
  assert.equal(lines(escape('a'), undefined, nothing, code('b')), 'a\n<code>b</code>')
  assert.equal(dotted(escape('a'), undefined, escape('b')), 'a · b')
})

test('cuts by characters as Telegram counts them, never through the middle of one', () => {
  assert.equal(cut('👍👍👍👍', 3), '👍👍…')
  assert.equal(cut('abc', 3), 'abc')
  assert.equal(cut('abc', 0), '')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(30), (text, most) => {
      assert.ok(Array.from(cut(text, most)).length <= most)
    }),
  )
})

test('counts what people see, not the markup', () => {
  assert.equal(visibleLength(html`<b>${escape('<&>👍')}</b>`), 4)
})

test('keeps any content within a limit, with its tags closed', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, most) => {
      const content = html`<b>${escape(text)}</b> and <i><code>${escape(text)}</code></i>`
      const fitted = fit(content, most)
      assert.ok(visibleLength(fitted) <= most)
      for (const tag of ['b', 'i', 'code']) {
        assert.equal(fitted.split(`<${tag}>`).length, fitted.split(`</${tag}>`).length)
      }
    }),
  )
  assert.equal(fit(html`<b>${escape('<<<<<')}</b>`, 3), '<b>&lt;&lt;…</b>')
})

test('shortens only the description when a caption is too long', () => {
  const caption = withElastic(1024, '<é>'.repeat(2000), (part) => lines(bold(escape('Title')), part, escape('the end')))
  assert.ok(visibleLength(caption) <= 1024)
  assert.ok(visibleLength(caption) > 1015)
  assert.match(caption, /^<b>Title<\/b>\n.*…\nthe end$/)
  assert.equal(visibleLength(asCaption(escape('x'.repeat(2000)))), 1024)
})
