import fc from 'fast-check'
import { type Subject } from './subjects.ts'

/** One member of a JSON object, its value as it is spelled: `1e400` survives only as text. */
export type Member = readonly [name: string, spelling: string]

/** What NOWPayments would post of a payment, with the truth in it. */
export const truthOf = (subject: Subject): Member[] => [
  ['actually_paid', subject.actuallyPaid],
  ['invoice_id', 'null'],
  ['order_description', JSON.stringify(`Comptoir order ${subject.code}`)],
  ['order_id', JSON.stringify(`${subject.code}-1`)],
  ['parent_payment_id', 'null'],
  ['pay_address', JSON.stringify(subject.address)],
  ['pay_amount', subject.payAmount],
  ['pay_currency', '"usdtsol"'],
  ['payment_extra_ids', 'null'],
  ['payment_id', subject.providerId],
  ['payment_status', JSON.stringify(subject.status)],
  ['price_amount', '21.48'],
  ['price_currency', '"usd"'],
]

export const objectText = (members: readonly Member[]): string =>
  `{${members.map(([name, spelling]) => `${JSON.stringify(name)}:${spelling}`).join(',')}}`

/** Keys sorted, as NOWPayments posts and signs them; later members take the place of earlier ones of the same name. */
export const sortedText = (members: readonly Member[]): string =>
  objectText([...new Map(members)].sort(([left], [right]) => (left < right ? -1 : 1)))

const statuses = [
  ...['waiting', 'expired', 'confirming', 'confirmed', 'sending', 'failed', 'partially_paid', 'cancelled', 'canceled'],
  ...['wrong_asset_confirmed', 'finished', 'refunded', 'FINISHED', 'Finished ', 'finishеd', 'some_future_status', ''],
]

/** Values nobody should post, and that are JSON all the same. */
const oddities = [
  ...['1e400', '-1e400', '-0', '-1', '1e-7', '1E+2', '0.00000000000000000001', '12345678901234567890', '9'.repeat(400)],
  ...[
    'null',
    'true',
    'false',
    '""',
    '"null"',
    '"NaN"',
    '"Infinity"',
    '"0x10"',
    '" 7 "',
    '"1,5"',
    '"1e3"',
    '"__proto__"',
  ],
  ...[
    '[]',
    '{}',
    '[1,[2,[3]]]',
    '{"a":{"b":{}}}',
    '"\\u0000"',
    '"\\ud800"',
    '"\u202eevil"',
    '"<b>&"',
    '"\'; drop table orders;--"',
  ],
  JSON.stringify('é'.repeat(5_000)),
]

const spelling: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...oddities) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)) },
  { weight: 2, arbitrary: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(String) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.nat({ max: 8 }).map((depth) => '['.repeat(depth + 1) + ']'.repeat(depth + 1)) },
)

const names = [
  'actually_paid',
  'order_id',
  'pay_address',
  'pay_amount',
  'pay_currency',
  'price_amount',
  'price_currency',
]
const hints = [
  ...names,
  'outcome_amount',
  'fee',
  'updated_at',
  'purchase_id',
  'invoice_id',
  'payment_extra_ids',
  'a\u0000b',
]

/** Rightly signed and untrue: another status, other amounts, another order, values of any kind. Never another payment. */
export function untrue(about: fc.Arbitrary<Subject>, others: readonly Subject[]): fc.Arbitrary<Member[]> {
  const orders = others.map(({ code }) => JSON.stringify(`${code}-1`))
  const lie = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom(...statuses).map((status): Member => ['payment_status', JSON.stringify(status)]),
    },
    { weight: 2, arbitrary: fc.constantFrom(...orders).map((order): Member => ['order_id', order]) },
    {
      weight: 3,
      arbitrary: fc.tuple(fc.constantFrom(...hints), spelling).map(([name, value]): Member => [name, value]),
    },
    { weight: 1, arbitrary: spelling.map((value): Member => ['payment_status', value]) },
  )
  return fc
    .tuple(about, fc.array(lie, { minLength: 1, maxLength: 5 }))
    .map(([subject, lies]) => [...truthOf(subject), ...lies])
}

/** An id that is no payment of anybody, or no id at all. */
const strangeId = fc.oneof(
  fc.bigInt({ min: 10n ** 14n, max: 10n ** 18n }).map(String),
  fc.bigInt({ min: 10n ** 14n, max: 10n ** 18n }).map((id) => JSON.stringify(String(id))),
  fc.constantFrom(...oddities),
)

/** About payments that never were, of shapes that are none, or of nothing. */
export const strange = (about: fc.Arbitrary<Subject>): fc.Arbitrary<Member[]> =>
  fc.oneof(
    fc.tuple(about, strangeId).map(([subject, id]): Member[] => [...truthOf(subject), ['payment_id', id]]),
    fc.tuple(strangeId, spelling).map(([id, amount]): Member[] => [
      ['batch_withdrawal_id', id],
      ['id', id],
      ['amount', amount],
      ['status', '"FINISHED"'],
    ]),
    fc.uniqueArray(
      fc.tuple(
        fc.string({ unit: 'binary' }).filter((name) => name !== '__proto__'),
        spelling,
      ),
      {
        selector: ([name]) => name,
        maxLength: 6,
      },
    ),
  )

/** A deposit that never was, said to have come to the address of a payment of ours. */
export const falseChild = (about: fc.Arbitrary<Subject>): fc.Arbitrary<Member[]> =>
  fc
    .tuple(about, fc.bigInt({ min: 10n ** 14n, max: 10n ** 15n }))
    .map(([subject, id]): Member[] => [
      ...truthOf(subject),
      ['payment_id', String(id)],
      ['parent_payment_id', subject.providerId],
      ['payment_status', '"finished"'],
    ])
