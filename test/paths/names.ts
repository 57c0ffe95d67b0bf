import { type World } from '../../sandbox/world.ts'
import { type Texts } from '../../shared/texts/index.ts'

/** Each is null while there is none of its kind. */
type Facts = {
  readonly codes: readonly string[] | null
  readonly addresses: readonly string[] | null
  readonly days: readonly (Date | null)[] | null
  readonly moments: readonly (Date | null)[] | null
}

const addressNames = ['first address', 'second address', 'third address']

/** Names for what is different each time: the same words whenever and however often a path is walked. */
export class Names {
  /** Replaces codes, addresses, times and hashes of this buyer's orders by what they are. */
  async of({ db }: World, buyer: number, { format }: Texts): Promise<(text: string) => string> {
    const { rows } = await db.query<Facts>(
      `select array_agg(distinct o.code) as codes,
              (select array_agg(p.address order by p.created_at)
                 from payments p join orders mine on mine.id = p.order_id
                where mine.buyer_id = $1 and p.address is not null and p.kind <> 'redeposit') as addresses,
              array_agg(o.watch_until) || array_agg(o.created_at) as days,
              array_agg(o.expires_at) || array_agg(o.paid_at)
                || coalesce((select array_agg(p.valid_until) from payments p join orders mine on mine.id = p.order_id
                              where mine.buyer_id = $1), '{}') as moments
         from orders o where o.buyer_id = $1`,
      [buyer],
    )
    const { codes, addresses, days, moments } = rows[0] ?? {}
    const known = (dates: readonly (Date | null)[]) => dates.filter((date) => date !== null)
    const names: [string, string][] = [
      ...(codes ?? []).map((code): [string, string] => [code, '‹order›']),
      ...(addresses ?? []).map((one, place): [string, string] => [one, `‹${addressNames[place] ?? 'address'}›`]),
      ...known(moments ?? []).map((at): [string, string] => [format.moment(at), '‹moment›']),
      ...known(moments ?? []).map((at): [string, string] => [format.time(at), '‹time›']),
      ...known(days ?? []).map((at): [string, string] => [format.date(at), '‹date›']),
    ]
    return (text) =>
      names
        .reduce((said, [value, name]) => said.replaceAll(value, name), text)
        .replace(/\b[0-9a-f]{16}\b/g, '‹sha-256›')
        .replace(/\d+(?:\.\d+)? (?=USDT|USDC|SOL|BTC|ETH)/g, '‹amount› ')
        .replace(/(?<=environ |about )(?:\$[\d.]+|[\d,]+\s\$US)/g, '‹dollars›')
        .replace(/(?<=‹time›.*)\b(?:5\d|60)\s?min/g, '‹minutes›')
        .replace(/(?<=‹time›.*)\b1\s?h 00/g, '‹minutes›')
  }
}
