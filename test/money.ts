import assert from 'node:assert/strict'
import bs58 from 'bs58'
import { administrator } from '../sandbox/people.ts'
import { type World } from '../sandbox/world.ts'
import { Shopper } from './shopper.ts'

export const wallet = 'DRpbCBMxVnDK7maPM5tGv6MvB3v1sRMC86PZ8okm21hy'

let lastSignature = 0

/** The name of a transaction on Solana that nobody entered before. */
export function aSignature(): string {
  lastSignature += 1
  return bs58.encode(Uint8Array.from({ length: 64 }, (_, index) => (index === 0 ? lastSignature : index)))
}

/** Somebody the operator named, with the chat open. */
export async function anAdministrator(world: World): Promise<Shopper> {
  const admin = new Shopper(world, 'Dominique', 'en', administrator.id)
  admin.say('/start')
  await admin.sees('Welcome')
  return admin
}

/** What every account of the books holds, apart from empty ones and from those of single sellers. */
export async function accounts({ db }: World): Promise<Record<string, bigint>> {
  const { rows } = await db.query<{ account: string; cents: bigint }>(
    `select split_part(account, ':', 1) as account, sum(amount_cents)::bigint as cents
       from ledger_lines
      group by 1
     having sum(amount_cents) <> 0
      order by 1`,
    [],
  )
  return Object.fromEntries(rows.map(({ account, cents }) => [account, cents]))
}

/** Presses the first of a list, once it is on the newest screen. */
export async function tapFirst({ client }: Shopper): Promise<void> {
  const [message, data] = await client.waitFor(({ messages }) => {
    const newest = messages.findLast(({ keyboard }) => keyboard !== undefined)
    const key = newest?.keyboard?.flat().find(({ text }) => text === '1')
    return newest !== undefined && key?.data !== undefined ? ([newest.message_id, key.data] as const) : undefined
  }, 15_000)
  client.press(message, data)
}

/** From the list of cases to the card of the only one there is. */
export async function openCase(admin: Shopper, kind: string): Promise<void> {
  await admin.sees('🔔', 20_000)
  admin.say('/admin')
  await admin.tap('Cases · 1')
  await admin.sees(kind)
  await tapFirst(admin)
  await admin.sees('Since:')
}

/** The buyer answers where the money is to go. */
export async function giveAddress(buyer: Shopper, label = 'Give an address', yes = 'it is mine'): Promise<void> {
  await buyer.tap(label)
  await buyer.sees('Solana')
  buyer.say(wallet)
  await buyer.tap(yes)
}

/** The administrator notes what was sent for the only refund there is. */
export async function markSent(admin: Shopper, amount: string, hash: string): Promise<void> {
  admin.say('/admin')
  await admin.tap('Refunds · 1')
  await tapFirst(admin)
  await admin.sees(wallet)
  await admin.tap('Mark as sent')
  await admin.sees('How much did you send')
  admin.say(amount)
  await admin.sees('hash of the transaction')
  admin.say('not a hash')
  await admin.sees('copy the whole hash')
  admin.say(hash)
  await admin.sees('Note this transfer')
  await admin.tap('Yes, confirm')
  await admin.sees('✅ Sent')
}

export const one = <Row>(rows: readonly Row[]): Row => rows[0] ?? assert.fail('Expected a row, got none')
