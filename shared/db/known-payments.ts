import { type PaymentId } from '../domain/ids.ts'
import { type Queryable } from './pool.ts'

/** What is written down of a payment, as far as it tells whether somebody has news of it. */
export type KnownPayment = {
  readonly id: PaymentId
  readonly rank: number
  readonly actuallyPaid: string
  /** It paid for its order. */
  readonly isAccepted: boolean
}

export async function findKnownPayment(db: Queryable, providerId: string): Promise<KnownPayment | undefined> {
  const { rows } = await db.query<KnownPayment>(
    `select id, rank, actually_paid as "actuallyPaid", accepted_at is not null as "isAccepted"
       from payments
      where provider_id = $1`,
    [providerId],
  )
  return rows[0]
}
