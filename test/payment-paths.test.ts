import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { cents } from '../shared/domain/money.ts'
import { textsFor } from '../shared/texts/index.ts'
import { paths } from './paths/paths.ts'

const written = await readFile(new URL('../docs/payment-paths.md', import.meta.url), 'utf8')
const facts = {
  ...{ code: '‹order›', title: 'TypeScript by Example' },
  ...{ price: cents(1499n), fee: cents(149n), total: cents(1648n) },
}

/** As a reader of the chat sees it. */
const plain = (html: string): string =>
  html
    .replace(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

/** Captions and replies of which nothing but names differs from one order to the next. */
function said(language: 'fr' | 'en'): string[] {
  const { order, orderAnswers } = textsFor(language)
  return [
    ...[order.confirming(facts, 'usdtsol'), order.settling(facts), order.askCancel(facts), order.cancelled(facts)],
    ...[order.review(facts, 'wrong coin'), order.review(facts, 'cancelled at the provider'), order.noAnswer(facts)],
    ...[order.failed(facts, 'failed at the provider'), order.failed(facts, 'coin unavailable')],
    ...[order.refunded(facts, undefined, true), order.refunded(facts, undefined, false), order.unreachable],
    ...Object.values(orderAnswers.told).map((tell) => tell(facts.code)),
    ...[orderAnswers.refundAsked, orderAnswers.cancelled, orderAnswers.nothingSeen('usdtsol')],
  ]
}

test('the document of payment paths tells every path, in the words that are said today', () => {
  for (const { title, story } of paths)
    assert.ok(written.includes(`## ${title}\n\n${story}\n`), `not written: ${title}`)
  for (const text of [...said('fr'), ...said('en')])
    assert.ok(written.includes(plain(text)), `npm run paths would write otherwise: ${plain(text)}`)
})
