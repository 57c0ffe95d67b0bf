/** What lasts until somebody or something puts an end to it, and what administrators are told of when it begins and ends. */
export const alarmKinds = [
  'dead letters',
  'outbox',
  'bucket',
  'provider',
  'backup',
  'invariants',
  'payouts',
  'integrity',
  'forgeries',
  'silent service',
] as const

export type AlarmKind = (typeof alarmKinds)[number]

/** Something that is the case now. */
export type Alarm = {
  readonly kind: AlarmKind
  /** Which of several of this kind; empty when there can be one only. */
  readonly subject: string
  readonly count: number
  /** What is known besides, as a person reads it: a reason, a duration, a name. */
  readonly detail: string
}
