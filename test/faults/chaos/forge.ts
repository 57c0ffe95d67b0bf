import { createHmac, randomBytes, randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type Purchase } from './purchase.ts'
import { type Stage } from './stage.ts'

export type Posted = { readonly body: string; readonly signature: string }

type About = Pick<Purchase, 'paymentId' | 'orderCode'>

const secretOf = ({ world }: Stage): string => world.environment['NOWPAYMENTS_IPN_SECRET'] ?? ''

function sign(said: object, secret: string): Posted {
  const sorted = Object.fromEntries(Object.entries(said).sort(([left], [right]) => (left < right ? -1 : 1)))
  const body = JSON.stringify(sorted)
  return { body, signature: createHmac('sha512', secret).update(body).digest('hex') }
}

/** What NOWPayments would post of a payment; each text is another one. */
function tell(stage: Stage, { paymentId, orderCode }: About, status: string): Record<string, unknown> {
  const { payAmount, payCurrency, priceAmount, payAddress, purchaseId } = stage.world.nowPayments.payment(paymentId)
  return {
    actually_paid: status === 'waiting' ? 0 : Number(payAmount),
    order_id: `${orderCode}-1`,
    parent_payment_id: null,
    pay_address: payAddress,
    pay_amount: Number(payAmount),
    pay_currency: payCurrency,
    payment_id: Number(paymentId),
    payment_status: status,
    price_amount: Number(priceAmount),
    price_currency: 'usd',
    purchase_id: purchaseId,
    updated_at: randomInt(2 ** 40),
  }
}

/** A notification with a right signature. */
export const genuine = (stage: Stage, about: About, status: string): Posted =>
  sign(tell(stage, about, status), secretOf(stage))

export const lies = {
  /** Signed with another secret. */
  forged: (stage: Stage, about: About): Posted => sign(tell(stage, about, 'finished'), randomBytes(16).toString('hex')),
  /** The signature of a genuine text, under another one. */
  tampered: (stage: Stage, about: About): Posted => ({
    ...sign(tell(stage, about, 'finished'), secretOf(stage)),
    signature: genuine(stage, about, 'waiting').signature,
  }),
  /** Signed rightly, and not so at NOWPayments. */
  'signed and untrue': (stage: Stage, about: About): Posted => genuine(stage, about, 'finished'),
  /** Signed rightly, about another price and another coin. */
  'signed with other amounts': (stage: Stage, about: About): Posted =>
    sign(
      { ...tell(stage, about, 'finished'), price_amount: 0.01, actually_paid: 0.01, pay_currency: 'btc' },
      secretOf(stage),
    ),
} as const

export type Lie = keyof typeof lies
export const kindsOfLies = Object.keys(lies) as Lie[]

/** What a liar is told: what is not signed rightly is refused, the rest is only a reason to ask NOWPayments. */
export const rightAnswers: Readonly<Record<Lie, number>> = {
  forged: 401,
  tampered: 401,
  'signed and untrue': 200,
  'signed with other amounts': 200,
}

/** Posts it to the intake; the status, or 0 when nobody answered. */
export async function post({ intake }: Stage, { body, signature }: Posted): Promise<number> {
  try {
    const answer = await fetch(`${intake.url}/ipn/nowpayments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-nowpayments-sig': signature },
      body,
      signal: AbortSignal.timeout(5_000),
    })
    await answer.arrayBuffer()
    return answer.status
  } catch {
    return 0 // killed, or not there yet
  }
}

const triesOfNowPayments = 4

/** Posts as NOWPayments does: again when the answer was not 2xx. */
export async function postUntilTaken(stage: Stage, posted: Posted): Promise<void> {
  for (let tries = 1; tries <= triesOfNowPayments; tries += 1) {
    if ((await post(stage, posted)) === 200) return
    await pause(300)
  }
}

const steps = ['confirming', 'confirmed', 'sending', 'finished'] as const

/** Every notification of a payment three times, in an order that is never the right one but by chance. */
export async function tellShuffled(stage: Stage, purchase: Purchase, random: () => number): Promise<void> {
  const letters = steps.map((status) => genuine(stage, purchase, status))
  const shuffled = [...letters, ...letters, ...letters]
    .map((letter) => ({ letter, place: random() }))
    .toSorted((left, right) => left.place - right.place)
  for (const { letter } of shuffled) {
    await postUntilTaken(stage, letter)
    await pause(random() * 40)
  }
}
