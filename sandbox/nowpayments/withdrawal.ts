import { signText, sign } from '../../shared/nowpayments/signature.ts'
import { type Letter } from './courier.ts'

export const withdrawalStatuses = [
  'CREATING',
  'WAITING',
  'PROCESSING',
  'SENDING',
  'FINISHED',
  'FAILED',
  'REJECTED',
  'CANCELLED',
] as const
export type WithdrawalStatus = (typeof withdrawalStatuses)[number]

/** One transfer of a payout batch. On the wire, ids and amounts of payouts are all text. */
export type Withdrawal = {
  readonly id: string
  readonly batchId: string
  readonly address: string
  readonly currency: string
  readonly amount: string
  readonly extraId: string | null
  readonly uniqueExternalId: string | null
  readonly description: string | null
  readonly callbackUrl: string | null
  readonly status: WithdrawalStatus
  readonly fee: string | null
  readonly hash: string | null
  readonly error: string | null
  readonly createdAt: number
  readonly requestedAt: number | null
  readonly updatedAt: number | null
}

/** What must be confirmed with a code before any of its withdrawals moves. */
export type Batch = {
  readonly id: string
  readonly createdAt: number
  readonly executeAt: number
  readonly wrongCodes: number
  readonly state: 'unverified' | 'verified' | 'started' | 'rejected'
}

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

export const withdrawalView = (withdrawal: Withdrawal) => ({
  is_request_payouts: false,
  id: withdrawal.id,
  address: withdrawal.address,
  currency: withdrawal.currency,
  amount: withdrawal.amount,
  batch_withdrawal_id: withdrawal.batchId,
  ipn_callback_url: withdrawal.callbackUrl,
  status: withdrawal.status,
  extra_id: withdrawal.extraId,
  hash: withdrawal.hash,
  error: withdrawal.error,
  payout_description: withdrawal.description,
  unique_external_id: withdrawal.uniqueExternalId,
  created_at: iso(withdrawal.createdAt),
  requested_at: iso(withdrawal.requestedAt),
  updated_at: iso(withdrawal.updatedAt),
  update_history_log: null,
  rejected_check_attempts: 0,
  fee: withdrawal.fee,
  fee_paid_by: null,
})

/** The letter that tells of one withdrawal. */
export function withdrawalLetter(withdrawal: Withdrawal, url: string, secret: string): Letter {
  const payload = {
    id: withdrawal.id,
    batch_withdrawal_id: withdrawal.batchId,
    status: withdrawal.status,
    error: withdrawal.error,
    currency: withdrawal.currency,
    amount: withdrawal.amount,
    address: withdrawal.address,
    fee: withdrawal.fee,
    extra_id: withdrawal.extraId,
    hash: withdrawal.hash,
    ipn_callback_url: withdrawal.callbackUrl,
    created_at: iso(withdrawal.createdAt),
    requested_at: iso(withdrawal.requestedAt),
    updated_at: iso(withdrawal.updatedAt),
  }
  const { body, signature } = sign(secret, payload)
  const isLast = ['FINISHED', 'FAILED', 'REJECTED', 'CANCELLED'].includes(withdrawal.status)
  const unsigned = { status: 'forged: empty secret', body, signature: signText('', body) }
  return { subject: withdrawal.id, status: withdrawal.status, url, body, signature, isLast, forgeries: [unsigned] }
}
