import { cut } from '../../telegram/text-length.ts'

const kinds: Readonly<Record<string, string>> = {
  'refund asked': 'Refund asked for',
  'difference asked': 'Difference asked for',
  'rest too small': 'Rest too small to pay',
  'failed after a deposit': 'Failed after a deposit',
  'refused re-read': 'Re-read refused',
  'refunded in part': 'Refunded in part',
  'never completed': 'Never completed',
  'wrong coin': 'Wrong coin',
  'price differs': 'Price differs',
  'another order': 'Another order',
  'second deposit': 'Second deposit',
  'cancelled at the provider': 'Cancelled at NOWPayments',
  'not finished': 'Not finished',
  'withdrawn product': 'Withdrawn product',
  'too late': 'Too late',
  'paid twice': 'Paid twice',
  'differs at the provider': 'Differs at NOWPayments',
  'refunded twice': 'Refunded twice',
  'content withdrawn': 'Content withdrawn',
  'refund opened': 'Paid during a refund',
}

/** What a case is about; one that nobody named any more is told by its own name. */
export const kindOfCase = (kind: string): string => kinds[kind] ?? cut(kind, 40)
