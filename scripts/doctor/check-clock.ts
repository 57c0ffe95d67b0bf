import { type Finding, ok, reasonOf, unknown, warning, wrong } from './finding.ts'
import { type Settings } from './read-settings.ts'

const warnAboveMs = 10_000
/** Buckets refuse what is signed a quarter of an hour away from their time; long before that links end early. */
const wrongAboveMs = 5 * 60_000

/** Whose clock it is compared with; ahead of ours, or (negative) behind. */
export function clockFinding(whose: string, aheadMs: number): Finding {
  const seconds = Math.round(Math.abs(aheadMs) / 1000)
  const says = `the clock of ${whose} is ${seconds} s ${aheadMs > 0 ? 'before' : 'behind'} this machine's`
  if (Math.abs(aheadMs) > wrongAboveMs) return wrong('clock', says, 'set the clocks by NTP')
  if (Math.abs(aheadMs) > warnAboveMs) return warning('clock', says, 'set the clocks by NTP')
  return ok('clock', `this machine and ${whose} agree on the time`)
}

/** Two that must agree with us on the time say theirs with every answer. */
export async function checkClock({ nowPayments, storage }: Settings): Promise<Finding[]> {
  return Promise.all([
    ...(nowPayments === undefined ? [] : [compare('NOWPayments', `${nowPayments.apiUrl}/status`)]),
    ...(storage === undefined ? [] : [compare('the bucket', storage.endpoint)]),
  ])
}

async function compare(whose: string, url: string): Promise<Finding> {
  try {
    const askedAt = Date.now()
    const { headers, body } = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000) })
    await body?.cancel()
    const at = Date.parse(headers.get('date') ?? '')
    if (Number.isNaN(at)) return unknown('clock', `${whose} does not tell the time`)
    // it says whole seconds, the past one
    return clockFinding(whose, at + 500 - (askedAt + Date.now()) / 2)
  } catch (error) {
    return unknown('clock', `${whose} cannot be asked for the time: ${reasonOf(error)}`)
  }
}
