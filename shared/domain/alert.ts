/**
 * Everything administrators are alerted of: `kind` groups what is told together, `facts` is what a text needs besides the order,
 * product or payment it refers to. Facts are codes, counts and what others said, never our words.
 */
const alerts = {
  case: { kind: 'case', facts: ['case'] },
  'unread deposit': { kind: 'case', facts: ['payment'] },
  'unread payment': { kind: 'payments', facts: ['payment', 'reason'] },
  'unknown status': { kind: 'payments', facts: ['status'] },
  'unknown payment': { kind: 'payments', facts: ['order'] },
  'found payment': { kind: 'payments', facts: ['payment', 'order'] },
  'stuck notification': { kind: 'payments', facts: ['reason'] },
  'refunded payment': { kind: 'refund', facts: ['payment'] },
  'different payment': { kind: 'reconciliation', facts: ['payment', 'difference'] },
  'payments not compared': { kind: 'reconciliation', facts: ['count'] },
  'refund asked': { kind: 'refund asked', facts: [] },
  'difference asked': { kind: 'difference asked', facts: ['amount', 'coin', 'cents'] },
  'refund address': { kind: 'refund address', facts: [] },
  'no coin': { kind: 'coins.none', facts: ['cents'] },
  'no coin for an order': { kind: 'coins.none', facts: ['status'] },
  'payments refused': { kind: 'provider.refused', facts: ['said'] },
  'strange payment': { kind: 'provider.mismatch', facts: ['payment'] },
  'missing delivery': { kind: 'delivery', facts: [] },
  'dead delivery': { kind: 'delivery', facts: ['reason'] },
  'failing delivery': { kind: 'delivery', facts: ['tries', 'reason'] },
  'blocked buyer': { kind: 'buyer blocked', facts: [] },
  'damaged file': { kind: 'integrity', facts: ['title', 'effect', 'reason'] },
  'refused sweep': { kind: 'integrity', facts: ['orphans', 'checked'] },
  'broken invariant': { kind: 'invariants', facts: ['name', 'count', 'refs'] },
  'lost picture': { kind: 'media', facts: ['title'] },
  'full disk': { kind: 'disk', facts: ['reason'] },
  executables: { kind: 'file', facts: [] },
  'mail server': { kind: 'mail server', facts: ['said'] },
  'dead mail': { kind: 'dead letter', facts: ['template', 'reason'] },
  'dead event': { kind: 'dead letter', facts: ['consumer', 'reason'] },
  'dead update': { kind: 'telegram update', facts: ['reason'] },
  'payouts frozen': { kind: 'payouts frozen', facts: [] },
  appeal: { kind: 'appeal', facts: ['on', 'words'] },
  restored: { kind: 'restored', facts: ['at'] },
} as const satisfies Readonly<Record<string, { readonly kind: string; readonly facts: readonly string[] }>>

type Alerts = typeof alerts
export type AlertName = keyof Alerts
export type AlertKind = Alerts[AlertName]['kind']

/** One alert with the facts its text needs. */
export type AlertOf<Name extends AlertName> = { readonly about: Name } & Readonly<
  Record<Alerts[Name]['facts'][number], string>
>
export type Alert = { [Name in AlertName]: AlertOf<Name> }[AlertName]

export const alertNames: readonly AlertName[] = Object.keys(alerts).filter(isName)

function isName(name: string): name is AlertName {
  return Object.hasOwn(alerts, name)
}

export const kindOfAlert = ({ about }: Alert): AlertKind => alerts[about].kind

export const factsOfAlert = (about: AlertName): readonly string[] => alerts[about].facts

/** Whether something that was read is an alert with all of its facts. */
export function isAlert(value: unknown): value is Alert {
  if (typeof value !== 'object' || value === null) return false
  const { about, ...facts } = value as Readonly<Record<string, unknown>>
  return (
    typeof about === 'string' && isName(about) && factsOfAlert(about).every((fact) => typeof facts[fact] === 'string')
  )
}
