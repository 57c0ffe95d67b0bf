import {
  compareDecimals,
  type Decimal,
  decimalText,
  inUnits,
  parseDecimal,
  ratio,
  subtractDecimals,
  zero,
} from '../../shared/domain/decimal.ts'
import { Activities } from './activities.ts'
import { looksLikeAddress, newTransactionHash } from './addresses.ts'
import { coinOf, findCoin } from './coins.ts'
import { badRequest, badWithdrawal, invalidParams, notFound } from './errors.ts'
import { type Provider } from './provider.ts'
import { type Batch, type Withdrawal, withdrawalLetter, type WithdrawalStatus } from './withdrawal.ts'

export type NewWithdrawal = {
  readonly address: string
  readonly currency: string
  readonly amount: string
  readonly extraId: string | null
  readonly uniqueExternalId: string | null
  readonly description: string | null
  readonly callbackUrl: string | null
}

const hour = 3_600_000
const mostWrongCodes = 10
const networkFeeUsd = parseDecimal('0.35')
const path: Partial<Record<WithdrawalStatus, WithdrawalStatus>> = {
  CREATING: 'WAITING',
  WAITING: 'PROCESSING',
  PROCESSING: 'SENDING',
  SENDING: 'FINISHED',
}

/** Money out: batches that wait for a code, and withdrawals that then run by themselves. */
export class Payouts {
  readonly #provider: Provider
  readonly #code: string
  readonly #batches: Map<string, Batch>
  readonly #withdrawals: Map<string, Withdrawal>
  readonly #funds: Map<string, Decimal>
  readonly #running = new Activities()

  constructor(provider: Provider, code: string, funds: Readonly<Record<string, string>>) {
    const { journal } = provider.options
    this.#provider = provider
    this.#code = code
    this.#batches = journal.all('batch') as Map<string, Batch>
    this.#withdrawals = journal.all('withdrawal') as Map<string, Withdrawal>
    this.#funds = new Map(Object.entries(funds).map(([currency, amount]) => [currency, parseDecimal(amount)]))
    for (const { amount, currency, status } of this.#withdrawals.values()) {
      if (status === 'FINISHED') this.#pay(currency, parseDecimal(amount))
    }
    for (const { id, state } of this.#batches.values()) if (state === 'started') this.#run(id)
  }

  balance(): [currency: string, amount: number][] {
    return [...this.#funds].map(([currency, amount]) => [currency, Number(decimalText(amount))])
  }

  validateAddress(address: string, currency: string): void {
    const coin = findCoin(currency)
    if (coin !== undefined && looksLikeAddress(address, coin.addressKind)) return
    throw badWithdrawal(`Invalid payout_address: [${currency}] [${address}]`)
  }

  feeOf(currency: string): Decimal {
    return ratio(networkFeeUsd, coinOf(currency).usdRate, 8)
  }

  create(wanted: readonly NewWithdrawal[], executeAt: number): Withdrawal[] {
    for (const withdrawal of wanted) this.#check(withdrawal)
    const ids = wanted.flatMap(({ uniqueExternalId }) => uniqueExternalId ?? [])
    if (new Set(ids).size < ids.length) throw badRequest('unique_external_id already exists')
    const { book } = this.#provider
    const createdAt = this.#now()
    const batch: Batch = { id: book.newId(), createdAt, executeAt, wrongCodes: 0, state: 'unverified' }
    this.#saveBatch(batch)
    return wanted.map((withdrawal) =>
      this.#change({
        ...withdrawal,
        id: book.newId(),
        batchId: batch.id,
        status: 'CREATING',
        ...{ fee: null, hash: null, error: null, createdAt, requestedAt: null, updatedAt: null },
      }),
    )
  }

  /** Ten codes, one hour: then the batch is rejected. */
  verify(batchId: string, code: string): void {
    const batch = this.#batches.get(batchId)
    if (batch === undefined) throw notFound('Batch withdrawal')
    if (batch.state !== 'unverified') throw badRequest(`Batch withdrawal is already ${batch.state}`)
    if (code !== this.#code) {
      const wrongCodes = batch.wrongCodes + 1
      this.#saveBatch({ ...batch, wrongCodes })
      if (wrongCodes >= mostWrongCodes) this.#reject({ ...batch, wrongCodes }, 'Too many wrong verification codes')
      throw badRequest('Wrong verification code')
    }
    this.#saveBatch({ ...batch, state: 'verified' })
    this.tick()
  }

  cancel(withdrawalId: string): Withdrawal {
    const withdrawal = this.#withdrawals.get(withdrawalId)
    if (withdrawal === undefined) throw notFound('Withdrawal')
    const batch = this.#batches.get(withdrawal.batchId)
    const isScheduled = batch !== undefined && batch.state !== 'started' && batch.executeAt > this.#now()
    if (!isScheduled) throw badRequest('Only scheduled payouts can be cancelled')
    return this.#change({ ...withdrawal, status: 'CANCELLED' })
  }

  list(batchId?: string): Withdrawal[] {
    return [...this.#withdrawals.values()].filter(
      (withdrawal) => batchId === undefined || withdrawal.batchId === batchId,
    )
  }

  /** Rejects what nobody confirmed within the hour, and starts what is confirmed and due. */
  tick(): void {
    const now = this.#now()
    for (const batch of this.#batches.values()) {
      if (batch.state === 'unverified' && now - batch.createdAt >= hour) this.#reject(batch, 'Not verified in time')
      if (batch.state === 'verified' && batch.executeAt <= now) {
        this.#saveBatch({ ...batch, state: 'started' })
        this.#run(batch.id)
      }
    }
  }

  get isIdle(): boolean {
    return this.#running.isIdle
  }

  idle(): Promise<void> {
    return this.#running.idle()
  }

  close(): Promise<void> {
    return this.#running.close()
  }

  #check({ address, currency, amount, uniqueExternalId }: NewWithdrawal): void {
    this.validateAddress(address, currency)
    if (inUnits(parseDecimal(amount), 6) === undefined) throw invalidParams('amount: at most 6 decimals')
    const isSpent =
      uniqueExternalId !== null && this.list().some((known) => known.uniqueExternalId === uniqueExternalId)
    if (isSpent) throw badRequest('unique_external_id already exists')
  }

  #reject(batch: Batch, error: string): void {
    this.#saveBatch({ ...batch, state: 'rejected' })
    for (const withdrawal of this.list(batch.id)) this.#change({ ...withdrawal, status: 'REJECTED', error })
  }

  #run(batchId: string): void {
    void this.#running.start(async () => {
      while (this.list(batchId).some(({ status }) => path[status] !== undefined)) {
        await this.#running.pause(this.#provider.options.stepMs)
        for (const withdrawal of this.list(batchId)) this.#step(withdrawal)
      }
    })
  }

  #step(withdrawal: Withdrawal): void {
    const status = path[withdrawal.status]
    if (status === undefined) return
    const requestedAt = withdrawal.requestedAt ?? this.#now()
    if (status !== 'FINISHED') return void this.#change({ ...withdrawal, status, requestedAt })
    const isPaid = this.#pay(withdrawal.currency, parseDecimal(withdrawal.amount))
    if (!isPaid) return void this.#change({ ...withdrawal, status: 'FAILED', error: 'Insufficient balance' })
    const fee = decimalText(this.feeOf(withdrawal.currency))
    this.#change({ ...withdrawal, status, fee, hash: newTransactionHash() })
  }

  #pay(currency: string, amount: Decimal): boolean {
    const left = subtractDecimals(this.#funds.get(currency) ?? zero, amount)
    if (compareDecimals(left, zero) < 0) return false
    this.#funds.set(currency, left)
    return true
  }

  #change(changed: Withdrawal): Withdrawal {
    const { journal, ipnSecret } = this.#provider.options
    const withdrawal = { ...changed, updatedAt: changed.status === 'CREATING' ? null : this.#now() }
    journal.put('withdrawal', withdrawal.id, withdrawal)
    const url = withdrawal.callbackUrl ?? this.#provider.options.callbackUrl
    if (ipnSecret !== '' && url !== null) this.#provider.courier.send(withdrawalLetter(withdrawal, url, ipnSecret))
    return withdrawal
  }

  #saveBatch(batch: Batch): void {
    this.#provider.options.journal.put('batch', batch.id, batch)
  }

  #now(): number {
    return this.#provider.options.now()
  }
}
