import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { signText } from '../../../shared/nowpayments/signature.ts'
import { falseChild, type Member, objectText, sortedText, strange, truthOf, untrue } from './claims.ts'
import { type Subject } from './subjects.ts'

/** One request to the intake, and the answers that are right for it. */
export type Letter = {
  readonly kind: string
  readonly method: 'POST' | 'GET' | 'PUT'
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly right: readonly number[]
}

const signatureHeader = 'x-nowpayments-sig'
const json = { 'content-type': 'application/json' }

function letter(kind: string, body: string | Buffer, signature: string | undefined, right: readonly number[]): Letter {
  const headers = signature === undefined ? json : { ...json, [signatureHeader]: signature }
  return { kind, method: 'POST', headers, body: Buffer.from(body), right }
}

/** The truth about a payment, as NOWPayments would tell it. */
export const truthful = (subject: Subject, secret: string): Letter => {
  const body = sortedText(truthOf(subject))
  return letter('true', body, signText(secret, body), [200])
}

/** One status of a payment, told for the `time`th time: every time in other words, so that each is a notification of its own. */
export const told = (subject: Subject, status: string, time: number, secret: string): Letter => {
  const body = sortedText([
    ...truthOf(subject),
    ['payment_status', JSON.stringify(status)],
    ['updated_at', String(time)],
  ])
  return letter('permuted', body, signText(secret, body), [200])
}

/** Anything anybody could post, most of it about these payments. `forged` ones are only ever told of without the secret. */
export function anyLetter(subjects: readonly Subject[], secret: string): fc.Arbitrary<Letter> {
  const of = (...roles: Subject['role'][]) => fc.constantFrom(...subjects.filter(({ role }) => roles.includes(role)))
  const open = of('known', 'claimed', 'parent')
  const signed = (kind: string, members: Member[]): Letter => {
    const body = sortedText(members)
    return letter(kind, body, signText(secret, body), Buffer.byteLength(body) > 65_536 ? [413] : [200])
  }
  return fc.oneof(
    { weight: 2, arbitrary: open.map((subject) => truthful(subject, secret)) },
    { weight: 8, arbitrary: untrue(open, subjects).map((members) => signed('signed, untrue', members)) },
    { weight: 3, arbitrary: strange(open).map((members) => signed('signed, strange', members)) },
    {
      weight: 1,
      arbitrary: falseChild(of('parent')).map((members) => signed('signed, of a deposit that never was', members)),
    },
    { weight: 2, arbitrary: otherwiseSpelled(open, secret) },
    { weight: 2, arbitrary: notOneObject(open, secret) },
    { weight: 5, arbitrary: forged(of('forged', 'claimed'), secret) },
    { weight: 3, arbitrary: tampered(of('forged', 'claimed'), secret) },
    { weight: 1, arbitrary: oddlySent(open, secret) },
  )
}

/** Signed in the sorted form and posted in another spelling: genuine. */
const otherwiseSpelled = (about: fc.Arbitrary<Subject>, secret: string): fc.Arbitrary<Letter> =>
  fc.tuple(about, fc.constantFrom('\n', '  ', '\t ', '')).map(([subject, space]) => {
    const members = truthOf(subject)
    const posted = objectText([...members].reverse()).replaceAll(',"', `,${space}"`)
    return letter('signed, other spelling', posted, signText(secret, sortedText(members)), [200])
  })

/** Rightly signed, and not one plain object. */
const notOneObject = (about: fc.Arbitrary<Subject>, secret: string): fc.Arbitrary<Letter> =>
  fc.tuple(about, fc.nat({ max: 11 }), fc.uint8Array({ maxLength: 200 })).map(([subject, way, bytes]) => {
    const body = sortedText(truthOf(subject))
    const bodies: readonly (string | Buffer)[] = [
      body.replace('{', '{"payment_status":"finished",'),
      body.replace('{', '{"__proto__":{"payment_status":"finished"},'),
      body.replace('{', '{"\\u005f_proto__":{},'),
      `[${body}]`,
      body + body,
      `\ufeff${body}`,
      body.slice(0, -1),
      body.replaceAll('"', "'"),
      '"finished"',
      '42',
      `{"deep":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
      Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xfe]), Buffer.from(bytes)]),
    ]
    const posted = bodies[way] ?? body
    return letter('signed, not one object', posted, signText(secret, posted), [400])
  })

/** By somebody without the secret. */
const forged = (about: fc.Arbitrary<Subject>, secret: string): fc.Arbitrary<Letter> =>
  fc.tuple(about, fc.nat({ max: 8 }), fc.string()).map(([subject, way, text]) => {
    const body = sortedText([
      ...truthOf(subject),
      ['payment_status', '"finished"'],
      ['actually_paid', subject.payAmount],
    ])
    const genuine = signText(secret, sortedText(truthOf({ ...subject, code: 'ANOTHER000' })))
    const signatures: readonly (string | undefined)[] = [
      signText(randomBytes(24).toString('hex'), body),
      signText('', body),
      signText(`${secret}x`, body),
      signText('changeme', body),
      genuine,
      undefined,
      'f'.repeat(127),
      `${genuine}00`,
      encodeURIComponent(text),
    ]
    return letter('forged', body, signatures[way], [401])
  })

/** A genuine notification with something changed on the way. What still says the same is as good as the original. */
const tampered = (about: fc.Arbitrary<Subject>, secret: string): fc.Arbitrary<Letter> =>
  fc
    .tuple(about, fc.constantFrom('change', 'insert', 'remove', 'swap'), fc.nat(), fc.integer({ min: 32, max: 126 }))
    .map(([subject, way, place, byte]) => {
      const body = Buffer.from(sortedText(truthOf(subject)))
      const at = place % (body.length - 1)
      const changed = tamper(body, way, at, byte)
      const right = saysTheSame(body, changed) ? [200] : [400, 401]
      return letter('tampered', changed, signText(secret, body), right)
    })
    .filter(({ right }) => right.length > 1)

function tamper(body: Buffer, way: string, at: number, byte: number): Buffer {
  const [before, after] = [body.subarray(0, at), body.subarray(at)]
  if (way === 'insert') return Buffer.concat([before, Buffer.from([byte]), after])
  if (way === 'remove') return Buffer.concat([before, after.subarray(1)])
  if (way === 'swap') return Buffer.concat([before, after.subarray(1, 2), after.subarray(0, 1), after.subarray(2)])
  return Buffer.concat([before, Buffer.from([byte]), after.subarray(1)])
}

function saysTheSame(body: Buffer, changed: Buffer): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(body.toString()), JSON.parse(changed.toString()))
  } catch {
    return false
  }
}

/** The right words by another way: another method, type or size, a signature in capitals. */
const oddlySent = (about: fc.Arbitrary<Subject>, secret: string): fc.Arbitrary<Letter> =>
  fc.tuple(about, fc.nat({ max: 6 })).map(([subject, way]) => {
    const genuine = truthful(subject, secret)
    const signature = genuine.headers[signatureHeader] ?? ''
    const large = Buffer.from(objectText([...truthOf(subject), ['note', JSON.stringify('x'.repeat(70_000))]]))
    const ways: readonly Partial<Letter>[] = [
      { method: 'GET', body: Buffer.alloc(0), right: [404, 405] },
      { method: 'PUT', right: [404, 405] },
      { headers: { [signatureHeader]: signature } },
      { headers: { ...genuine.headers, 'content-type': 'text/plain' } },
      { headers: { ...genuine.headers, 'content-type': 'application/x-www-form-urlencoded' } },
      { headers: { ...genuine.headers, [signatureHeader]: signature.toUpperCase() } },
      { headers: { ...json, [signatureHeader]: signText(secret, large) }, body: large, right: [413] },
    ]
    return { ...genuine, ...ways[way], kind: 'oddly sent' }
  })
