import { type CheckoutSettings } from '../../services/bot/checkout/checkout-deps.ts'

const away = () => Promise.resolve({ kind: 'unreachable', cause: 'not here' } as const)

/** A provider that never answers. */
export const noPayments: CheckoutSettings['payments'] = {
  merchantCoins: away,
  minAmount: away,
  estimate: away,
  createPayment: () => Promise.resolve({ kind: 'unknown', cause: 'not here' }),
}
