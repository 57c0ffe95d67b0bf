import { z } from 'zod'
import { listOrderPayments } from '../../../shared/db/incoming-payments.ts'
import { findOwnRefund, type Refund, setRefundAddress } from '../../../shared/db/refunds.ts'
import { type Coin, coinFacts, coins, isCoin } from '../../../shared/domain/coin.ts'
import { type RefundId } from '../../../shared/domain/ids.ts'
import { readRefundAddress, type RefundAddressFault } from '../../../shared/domain/refund-address.ts'
import { alertAdmins } from '../../../shared/messaging/alert-admins.ts'
import { type Html, paragraphs } from '../../../shared/telegram/html.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { buttonData } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import { type Feature } from '../features.ts'
import { type Ask, defineForm, end, go, type Next, refuse, type Turn } from '../forms/define-form.ts'
import { startForm } from '../forms/start-form.ts'

const giving = z.object({
  refundId: z.string(),
  offered: z.array(z.enum(coins)),
  coin: z.enum(coins).optional(),
  address: z.string().optional(),
})
type Giving = z.infer<typeof giving>

/** What a buyer may be paid back in besides the coin they paid with. */
const always: Coin = 'usdtsol'

/** [Give an address] under the news of a refund: only for whom it is, and only while it is wanted. */
export const giveAddress: Feature = (features) => {
  features.press('giveAddress', async (ctx, { refund: id }) => {
    const refund = await findOwnRefund(ctx.deps.db, ctx.person.id, id)
    if (refund === undefined) return ctx.toast(ctx.texts.common.notFound)
    if (!isWanted(refund)) return ctx.toast(ctx.texts.refunds.over)
    const offered = await offeredCoins(ctx, refund)
    const [only, ...others] = offered
    const chosen = others.length === 0 && only !== undefined ? { coin: only } : {}
    const step = others.length === 0 ? 'address' : 'coin'
    await startForm(ctx, refundAddressForm, { step, data: { refundId: id, offered, ...chosen } })
  })
}

const isWanted = ({ state, address }: Refund): boolean => state === 'asked' && address === null

/** The coin that was received, or USDT. */
async function offeredCoins({ deps }: BotContext, { orderId }: Refund): Promise<Coin[]> {
  const payments = await listOrderPayments(deps.db, orderId)
  const paid = payments.filter(({ actuallyPaid }) => actuallyPaid !== '0').map((one) => one.reportedCoin ?? one.coin)
  return coins.filter((coin) => coin === always || paid.filter(isCoin).includes(coin))
}

export const refundAddressForm = defineForm<Giving>({
  name: 'refundAddress',
  ttlHours: 24 * 7,
  data: giving,
  leave: () => buttonData('orders'),
  isSame: (open, asked) => open.refundId === asked.refundId,
  steps: {
    coin: {
      ask: ({ texts }, { offered }) => ({
        text: texts.refunds.askCoin,
        keys: offered.map((coin) => [{ text: texts.checkout.coinButton({ coin }), choice: coin }]),
      }),
      pick: ({ data }, choice) =>
        Promise.resolve(
          isCoin(choice) && data.offered.includes(choice)
            ? go<Giving>('address', { coin: choice })
            : go<Giving>('coin'),
        ),
    },
    address: {
      back: ({ offered }) => (offered.length > 1 ? 'coin' : undefined),
      ask: ({ texts }, data) => ({ text: texts.refunds.askAddress(coinOf(data), coinFacts[coinOf(data)].networkName) }),
      text: takeAddress,
    },
    confirm: { back: () => 'address', ask: askToConfirm, text: takeAddress, pick: keepAddress },
  },
})

const coinOf = ({ coin = always }: Giving): Coin => coin

function takeAddress({ ctx, data }: Turn<Giving>, text: string): Promise<Next<Giving>> {
  const read = readRefundAddress(coinOf(data), text)
  return Promise.resolve(
    read.kind === 'refused'
      ? refuse(faultText(ctx.texts, read.fault))
      : go<Giving>('confirm', { address: read.address }),
  )
}

const faultText = ({ refunds, account }: Texts, fault: RefundAddressFault): Html =>
  fault.kind === 'solana' ? account.addressFault(fault.fault) : refunds.fault[fault.kind]

function askToConfirm({ texts: { refunds } }: BotContext, data: Giving): Ask {
  const coin = coinOf(data)
  const { address = '' } = data
  const read = readRefundAddress(coin, address)
  const isUnusual = read.kind === 'address' && !read.isOrdinary
  return {
    text: paragraphs(
      refunds.confirmAddress(coin, coinFacts[coin].networkName, address),
      isUnusual ? refunds.unusual : undefined,
    ),
    keys: [[{ text: refunds.isMine, choice: 'yes', style: isUnusual ? 'danger' : 'success' }]],
  }
}

/** What was kept is read once more: a row is no proof that it was checked. */
async function keepAddress({ ctx, tx, data }: Turn<Giving>): Promise<Next<Giving>> {
  const { texts, person } = ctx
  const read = readRefundAddress(coinOf(data), data.address ?? '')
  if (read.kind === 'refused') return refuse(faultText(texts, read.fault))
  const id = data.refundId as RefundId
  const given = { asset: coinOf(data), address: read.address }
  if (!(await setRefundAddress(tx, person.id, id, given))) return end(buttonData('orders'), texts.refunds.over)
  const refund = await findOwnRefund(tx, person.id, id)
  await alertAdmins(tx, `refund address:${id}`, { about: 'refund address' }, { ref: refund?.orderCode ?? '' })
  return end(buttonData('orders'), texts.refunds.noted)
}
