import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCaption } from '../../sandbox/telegram/entities.ts'
import { type Html } from '../telegram/html.ts'
import { asCaption, visibleLength } from '../telegram/text-length.ts'
import { type MoneyFacts, type ShopFacts } from './facts.ts'
import { languages, type Texts, textsFor } from './index.ts'

const hostile = `<b>Shop</b> & "CO" <br> _*[key]\u202e\u0000 ${'🦊é'.repeat(3000)}`
const at = new Date('2026-11-24T14:05:00Z')
const wallet = 'mvines9iiHiQTysrwkJjGf2gb9Ex9jXJX8ns3qwf2kN'
const gigabyte = 1024n ** 3n

/** A shop with everything there is to warn of, and as long as its owner could make it. */
const crowded: ShopFacts = {
  name: hostile,
  bio: 'b <i>&'.repeat(83),
  email: `${'a'.repeat(64)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.fr`,
  isEmailVerified: false,
  address: wallet,
  heldUntil: at,
  isFrozen: true,
  mustVerify: true,
  isPaused: true,
  isSuspended: true,
  quotaBytes: 10n * gigabyte,
  takenBytes: 3n * gigabyte,
}
const bare: ShopFacts = {
  ...crowded,
  bio: '',
  email: null,
  address: null,
  heldUntil: null,
  isFrozen: false,
  mustVerify: false,
  isPaused: false,
  isSuspended: false,
}

const money: MoneyFacts = {
  activeProducts: 2,
  products: 7,
  sales: 1234n,
  earned: 99_999_999n,
  held: 1999n,
  available: 1n,
  batched: 500n,
  paid: 99_997_499n,
  corrections: -500n,
}
const held = Array.from({ length: 5 }, () => ({ orderCode: 'ABCDEFGH23', amount: 500_000n, until: at }))

const signs = ['empty', 'several words', 'secret', 'ethereum', 'bitcoin', 'tron', 'program'] as const
const emailFaults = ['empty', 'no at', 'several ats', 'several words', 'name', 'domain'] as const

const textsOf = ({ account, desk, forms }: Texts): readonly Html[] => [
  ...signs.map((kind) => account.addressFault({ kind })),
  account.addressFault({ kind: 'look-alike', sign: '0' }),
  account.addressFault({ kind: 'sign', sign: '<' }),
  account.addressFault({ kind: 'wrong size', bytes: 33 }),
  account.addressFault({ kind: 'too long', length: 4096 }),
  ...emailFaults.map((kind) => account.emailFault({ kind })),
  account.emailFault({ kind: 'too long', length: 255 }),
  ...[account.confirmAddress(wallet), account.unusualAddress(wallet)],
  ...[account.sellerTerms(crowded.email ?? '', wallet), account.sellerTerms('a@b.fr', null)],
  ...[account.suspended(at, hostile), account.suspended(null, null)],
  ...[crowded, bare].flatMap((shop) => [
    desk.dashboard(shop, money),
    desk.balanceCard(shop, money, held, 3),
    desk.settingsCard(shop, true),
    desk.settingsCard({ ...shop, isEmailVerified: true }, false),
    desk.askBio(shop.bio, { least: 0, most: 500 }),
    desk.askName(shop.name, { least: 2, most: 50 }),
    desk.askNewEmail(shop.email),
  ]),
  ...[desk.balanceLeft(1999n), desk.balanceLeft(-500n), desk.holdWarning(48), desk.share('https://t.me/bot?start=s_1')],
  ...[desk.addressChanged(wallet, at), desk.emailChanged(crowded.email ?? ''), forms.kept(forms.titles.openShop)],
]

test('whatever a seller calls their shop, each of their screens is understood and complete', () => {
  for (const language of languages) {
    for (const text of textsOf(textsFor(language))) {
      const seen = readCaption({ text: asCaption(text), parseMode: 'HTML', entities: undefined })
      assert.notEqual(seen.text, '')
      assert.ok(visibleLength(text) <= 1024, `${visibleLength(text)}: ${text}`)
    }
  }
})

test('a seller reads the same lines in both languages', () => {
  const [fr, en] = languages.map((language) => textsOf(textsFor(language)))
  fr?.forEach((text, index) => {
    const other = en?.[index] ?? ''
    assert.equal(other.split('\n').length, text.split('\n').length, other)
    for (const one of [text, other]) assert.doesNotMatch(one, /\n[ \t]|[ \t]\n| {2}/)
  })
})

test('what a seller gets as a toast fits', () => {
  for (const language of languages) {
    const { account, desk, forms } = textsFor(language)
    const toasts = [account.openedNow, account.openAlready, desk.paused, desk.resumed, desk.closed, desk.saved]
    for (const text of [...toasts, desk.unchanged, desk.notSeller, forms.left, forms.conflict]) {
      assert.ok(Array.from(text).length <= 200, text)
    }
  }
})
