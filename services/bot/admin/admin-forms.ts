import { type AnyForm } from '../forms/define-form.ts'
import { refuseAppealForm } from './appeal-forms.ts'
import { closeCaseForm } from './case-forms.ts'
import { confirmBatchForm, payoutFailedForm, payoutSentForm } from './payout-forms.ts'
import { openRefundForm } from './refund-forms.ts'
import { refundSentForm, rejectRefundForm } from './sent-forms.ts'

/** What administrators are asked. One that is not listed here expires at its next answer. */
export const adminForms: readonly AnyForm[] = [
  closeCaseForm,
  openRefundForm,
  refundSentForm,
  rejectRefundForm,
  refuseAppealForm,
  confirmBatchForm,
  payoutSentForm,
  payoutFailedForm,
]
