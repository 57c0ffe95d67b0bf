import { type SolanaAddress, readSolanaAddress } from '../../../shared/domain/solana-address.ts'
import { type Ask, go, type Next, refuse, type Step, type Turn } from '../forms/define-form.ts'
import { type BotContext } from '../context.ts'

/** What the steps about an address keep: the one to be confirmed, and whether a second confirmation is due. */
export type AddressData = { readonly candidate?: string | undefined; readonly isOrdinary?: boolean | undefined }

type Taken<Data> = (turn: Turn<Data>, address: SolanaAddress) => Promise<Next<Data>>

/** Reads an address; where it goes from here is up to the person, who sees it in full first. */
export function takeAddress({ ctx }: Turn<object>, text: string): Promise<Next<AddressData>> {
  const read = readSolanaAddress(text)
  return Promise.resolve(
    read.kind === 'refused'
      ? refuse(ctx.texts.account.addressFault(read.fault))
      : go<AddressData>('confirm', { candidate: read.address, isOrdinary: read.isOnCurve }),
  )
}

/** "Is this your address?", and for one that no ordinary wallet has "really?": only then is it taken. */
export const confirmSteps = <Data extends AddressData>(
  number: number | undefined,
  taken: Taken<Data>,
): Readonly<Record<'confirm' | 'unusual', Step<Data>>> => ({
  confirm: {
    ...(number === undefined ? {} : { number }),
    back: () => 'address',
    ask: ({ texts: { account } }, { candidate = '' }): Ask => ({
      text: account.confirmAddress(candidate),
      keys: [[{ text: account.isMine, choice: 'yes', style: 'success' }]],
    }),
    text: again,
    pick: (turn) => (turn.data.isOrdinary === true ? takeCandidate(turn, taken) : Promise.resolve(go<Data>('unusual'))),
  },
  unusual: {
    ...(number === undefined ? {} : { number }),
    back: () => 'address',
    ask: ({ texts: { account } }: BotContext, { candidate = '' }): Ask => ({
      text: account.unusualAddress(candidate),
      keys: [[{ text: account.useAnyway, choice: 'yes', style: 'danger' }]],
    }),
    text: again,
    pick: (turn) => takeCandidate(turn, taken),
  },
})

/** Another address instead of a confirmation is one to be confirmed as well. */
const again = <Data extends AddressData>(turn: Turn<Data>, text: string): Promise<Next<Data>> =>
  takeAddress(turn, text) as Promise<Next<Data>>

/** What was kept is read once more: a row is no proof that it was checked. */
async function takeCandidate<Data extends AddressData>(turn: Turn<Data>, taken: Taken<Data>): Promise<Next<Data>> {
  const read = readSolanaAddress(turn.data.candidate ?? '')
  if (read.kind === 'refused') return refuse(turn.ctx.texts.account.addressFault(read.fault))
  return taken(turn, read.address)
}
