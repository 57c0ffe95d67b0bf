import { z } from 'zod'
import { signSelfTest } from '../../shared/nowpayments/self-test.ts'
import { type Finding, ok, reasonOf, warning, wrong } from './finding.ts'
import { type Settings } from './read-settings.ts'

const answerShape = z.object({ selfTest: z.string() })
const place = 'check IPN_CALLBACK_URL, and that ipn runs behind it'

/** Does what NOWPayments does: posts to the public address, signed; about no payment, so that nothing comes of it. */
export async function checkNotifications({ nowPayments, publicUrl }: Settings): Promise<Finding[]> {
  if (nowPayments === undefined) return []
  const { nonce, body, signature } = signSelfTest(nowPayments.ipnSecret)
  try {
    const headers = { 'content-type': 'application/json', 'x-nowpayments-sig': signature }
    const answer = await fetch(nowPayments.callbackUrl, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(10_000),
    })
    const text = (await answer.text()).slice(0, 10_000)
    return [read(answer.status, text, nonce), ...(publicUrl === undefined ? [] : [await checkHealth(publicUrl)])]
  } catch (error) {
    return [wrong('notifications', `nobody answers at IPN_CALLBACK_URL: ${reasonOf(error)}`, place)]
  }
}

function read(status: number, text: string, nonce: string): Finding {
  if (status === 401) {
    const says = 'ipn refuses what is signed with NOWPAYMENTS_IPN_SECRET: it was started with another one'
    return wrong('notifications', says, 'give both the secret of the NOWPayments dashboard, and start ipn again')
  }
  if (status === 503) {
    return wrong(
      'notifications',
      'ipn cannot take notifications just now (503)',
      'see what its log says of the database',
    )
  }
  if (status !== 200)
    return wrong('notifications', `something else than ipn answers at IPN_CALLBACK_URL (${status})`, place)
  if (nonceIn(text) !== nonce) {
    return wrong('notifications', 'something answers 200 at IPN_CALLBACK_URL and is not the ipn of this release', place)
  }
  return ok('notifications', 'a signed notification reaches ipn at IPN_CALLBACK_URL')
}

function nonceIn(text: string): string | undefined {
  try {
    return answerShape.safeParse(JSON.parse(text)).data?.selfTest
  } catch {
    return undefined // no JSON at all
  }
}

const health = z.object({ status: z.string(), checks: z.record(z.string(), z.object({ ok: z.boolean() })) })

async function checkHealth(publicUrl: string): Promise<Finding> {
  try {
    const answer = await fetch(`${publicUrl}/health`, { redirect: 'manual', signal: AbortSignal.timeout(10_000) })
    const { status, checks } = health.parse(await answer.json())
    const failing = Object.entries(checks).flatMap(([name, { ok }]) => (ok ? [] : [name]))
    if (status === 'ok') return ok('services', 'all services are well')
    return warning('services', `/health says ${status}: ${failing.join(', ')}`, 'see the logs of the services')
  } catch (error) {
    return wrong(
      'services',
      `no /health at PUBLIC_URL: ${reasonOf(error)}`,
      'check PUBLIC_URL, and that ipn runs behind it',
    )
  }
}
