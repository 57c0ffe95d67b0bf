import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languages } from '../../../shared/texts/index.ts'
import { type Mail, type MailTemplate } from '../../../shared/domain/mail.ts'
import { aBotScene } from '../../../shared/testing/a-bot.ts'
import { codeOf, isCodeOf } from './email-code.ts'
import { writeLetter } from './write-letter.ts'

const hostile = `<img src=x onerror=alert(1)> & "CO" 'x' {{y}} \r\nBcc: all@example.org\u202e\u0000 é🦊`

/** One of each, with whatever people may type in it. A new template does not compile without its line. */
const mails: { readonly [T in MailTemplate]: Extract<Mail, { template: T }> } = {
  code: { template: 'code', purpose: 'change email', about: hostile },
  welcome: { template: 'welcome', shop: hostile },
  'email changed': { template: 'email changed', email: hostile, isOld: true },
  'address changed': { template: 'address changed', address: hostile, heldUntil: '2026-11-29T10:00:00Z' },
  'first product': { template: 'first product', title: hostile },
  'product on sale': { template: 'product on sale', title: hostile },
  'version on sale': { template: 'version on sale', title: hostile, number: 3 },
  'file refused': { template: 'file refused', title: hostile, reason: 'quota' },
  'product deleted': { template: 'product deleted', title: hostile, deletion: 'hidden' },
  sale: { template: 'sale', title: hostile, price: '1999', coin: 'btc', orderCode: 'ABCDEFGH23' },
  receipt: {
    ...{ template: 'receipt', title: hostile, seller: hostile, coin: hostile, orderCode: 'ABCDEFGH23' },
    ...{ price: '1999', fee: '149', total: '2148' },
  },
  'refund sent': { template: 'refund sent', orderCode: 'ABCDEFGH23', amount: '0.5', asset: hostile, hash: hostile },
  'order refunded': {
    ...{ template: 'order refunded', title: hostile, orderCode: 'ABCDEFGH23', cents: '1999', share: 'set off' },
  },
  'payout sent': { template: 'payout sent', cents: '1999', address: hostile, hash: hostile, orderCodes: ['A', 'B'] },
  'payout failed': { template: 'payout failed', cents: '1999', reason: hostile },
  'product moderated': {
    ...{
      template: 'product moderated',
      title: hostile,
      isBanned: true,
      isWithdrawn: true,
      reason: hostile,
      until: '2026-12-24T10:00:00Z',
    },
  },
  'appeal refused': { template: 'appeal refused', title: hostile, reason: hostile },
  'product restored': { template: 'product restored', title: hostile },
  'person suspended': { template: 'person suspended', reason: hostile, until: null },
  'person restored': { template: 'person restored' },
  'money waits': { template: 'money waits', cents: '1999' },
  alert: { template: 'alert', kind: hostile, alert: { about: 'appeal', on: 'person', words: hostile }, ref: hostile },
  alarm: { template: 'alarm', kind: 'bucket', subject: hostile, count: 3, detail: hostile, isOver: false },
}

const visible = (html: string): string => html.replace(/<style>[^]*<\/style>/, '').replace(/<[^>]*>/g, ' ')

test('every mail shows what people typed literally, in both languages, and loads nothing from anywhere', async (t) => {
  const { deps } = await aBotScene(t)
  for (const language of languages) {
    for (const mail of Object.values(mails)) {
      const { subject, html, text } = writeLetter(deps)({ subject: 'one', mail, language })
      assert.ok(html.includes(`<html lang="${language}">`))
      assert.doesNotMatch(html, /<(img|script|link|iframe)|<[^>]* src=|url\(|http:/i, mail.template)
      const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, address = '']) => address)
      assert.ok(links.every((address) => address.startsWith('https://t.me/comptoir_test_bot')))
      assert.doesNotMatch(visible(html), /<|\u202e|\u0000|\{\{z|undefined|null|NaN/)
      assert.ok(JSON.stringify(mail).includes('onerror') === text.includes('<img src=x onerror=alert(1)>'))
      assert.doesNotMatch(text, /&amp;|&lt;|\u202e|\u0000|undefined/)
      assert.ok(subject !== '' && text.length > 60)
    }
  }
})

test('no mail is the same in French and in English', async (t) => {
  const { deps } = await aBotScene(t)
  for (const mail of Object.values(mails)) {
    const [fr, en] = languages.map((language) => writeLetter(deps)({ subject: 'one', mail, language }))
    assert.notEqual(fr?.text, en?.text)
    assert.notEqual(fr?.subject, en?.subject)
  }
})

test('a code has six digits, is the same in a mail that is sent again, and another for everybody else', async (t) => {
  const { deps } = await aBotScene(t)
  const { token } = deps.config.telegram
  const codes = Array.from({ length: 2000 }, (_, index) => codeOf(token, String(index)))
  assert.ok(codes.every((code) => /^\d{6}$/.test(code)))
  assert.ok(new Set(codes).size > 1900)
  const write = () => writeLetter(deps)({ subject: 'one', mail: mails.code, language: 'en' }).text
  assert.equal(write(), write())
  assert.ok(write().includes(codeOf(token, 'one')))
  assert.deepEqual(
    [codeOf(token, 'one'), codeOf(token, 'two'), ''].map((typed) => isCodeOf(token, 'one', typed)),
    [true, false, false],
  )
})
