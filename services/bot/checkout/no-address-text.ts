import { type Attempt } from '../../../shared/db/payment-attempts.ts'
import { type Texts } from '../../../shared/texts/index.ts'

type Reasons = Texts['orderMessage']['noAddress']

const isKnown = (why: string | null, reasons: Reasons): why is keyof Reasons =>
  why !== null && Object.hasOwn(reasons, why)

/** Why there is no address, in a sentence for the buyer. */
export function noAddressText({ refusal }: Pick<Attempt, 'refusal'>, { orderMessage }: Texts): string {
  return isKnown(refusal, orderMessage.noAddress) ? orderMessage.noAddress[refusal] : orderMessage.noAnswer
}
