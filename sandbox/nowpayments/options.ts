import { type Act, type Acted } from './actions.ts'
import { type Account } from './api/context.ts'
import { type Faults } from './faults.ts'
import { type SimulatedPayment } from './payment.ts'
import { type NewPayment } from './provider.ts'

export type SimulatorOptions = {
  readonly apiKey: string
  /** Empty: no notification is ever sent, as at the real provider. */
  readonly ipnSecret: string
  readonly port?: number
  readonly host?: string
  /** Where payments are kept; without it they end with the process. */
  readonly dataDir?: string
  readonly transcriptPath?: string
  /** The pay page; the sandbox's own by default. */
  readonly webDir?: string
  /** Milliseconds since 1970. */
  readonly clock?: () => number
  /** Milliseconds between the steps a payment takes by itself. */
  readonly speed?: number
  readonly retry?: { readonly count: number; readonly everyMs: number }
  /** 3 creations and 7 estimates a second per address, as in production. */
  readonly hasLimits?: boolean
  /** The coin the merchant account settles in. */
  readonly outcomeCurrency?: string
  /** The coins enabled in the dashboard; all of them by default. */
  readonly enabledCoins?: readonly string[]
  /** The dashboard's own notification URL, for payments that name none. */
  readonly callbackUrl?: string
  readonly account?: Account
  readonly allowedIps?: readonly string[]
  /** What the custody account holds, for payouts. */
  readonly funds?: Readonly<Record<string, string>>
}

export type NowPaymentsSimulator = {
  /** The base URL of the API, ending in `/v1`. */
  readonly url: string
  readonly payUrl: string
  readonly port: number
  readonly faults: Faults
  readonly payments: () => readonly SimulatedPayment[]
  readonly payment: (id: string) => SimulatedPayment
  readonly create: (wanted: NewPayment) => SimulatedPayment
  readonly act: (id: string, wanted: Act) => Acted
  /** Lets time that passed on the clock take effect now. */
  readonly tick: () => void
  /** Resolves when nothing moves by itself any more and every notification was tried once. */
  readonly idle: () => Promise<void>
  /** From now on only this key is valid, and payments made with another are not found. */
  readonly rotateKey: (apiKey: string) => void
  /** Milliseconds between the steps a payment takes by itself, from now on. */
  readonly setSpeed: (stepMs: number) => void
  readonly close: () => Promise<void>
}
