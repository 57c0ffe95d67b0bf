import { noCents } from '../../shared/domain/money.ts'
import { beforeDot, type Walk } from './walk.ts'

export type Path = {
  readonly title: string
  /** What happens, for whoever reads only this. */
  readonly story: string
  readonly walk: (walk: Walk) => Promise<void>
}

const moving = { isMoving: true }

/** The button for the rest, whatever it amounts to. */
const payRest = (walk: Walk): Promise<void> => walk.tap(beforeDot(walk.texts.orderAnswers.payRest(noCents)))

/** Every way an order's payment can go, by the buttons of the pay page and of the chat. */
export const paths: readonly Path[] = [
  {
    title: 'The exact amount',
    story: 'Seen on the network, confirmed, settled: the order message becomes the file, and a receipt follows.',
    walk: async (walk) => {
      await walk.choose()
      await walk.step('A coin is chosen. Every path begins here.', () => Promise.resolve(), 'awaiting_payment')
      walk.world.nowPayments.setSpeed(5_000)
      const sent = walk.press('pay')
      await walk.step('_Pay exactly_: the network has seen it.', () => Promise.resolve(), 'confirming', moving)
      await walk.step('The network has confirmed it.', () => walk.redrawn(), 'confirming', moving)
      await walk.step('It is settled.', () => sent, 'delivered')
      walk.world.nowPayments.setSpeed(20)
    },
  },
  {
    title: 'Too little, then the rest',
    story: 'The rest is a second payment with an address of its own. Both together pay for the order.',
    walk: async (walk) => {
      await walk.order()
      await walk.step('_Pay too little_: six tenths arrive.', () => walk.press('pay-less'), 'underpaid')
      await walk.step('The buyer presses the button for the rest.', () => payRest(walk), 'underpaid')
      await walk.step('The buyer chooses a coin.', () => walk.tap('USDC'), 'underpaid')
      await walk.step('_Pay exactly_, to the new address.', () => walk.press('pay'), 'delivered')
    },
  },
  {
    title: 'Too little, then a second transfer to the same address',
    story: 'NOWPayments makes a payment of its own of the second transfer; together they meet the total.',
    walk: async (walk) => {
      await walk.order()
      await walk.step('_Pay too little_.', () => walk.press('pay-less'), 'underpaid')
      await walk.step('_Pay a second time_.', () => walk.press('second-deposit'), 'delivered')
    },
  },
  {
    title: 'Too little, and a refund is asked for',
    story: 'A case is opened: an administrator accepts what came, or gives it back.',
    walk: async (walk) => {
      await walk.order()
      await walk.step('_Pay too little_.', () => walk.press('pay-less'), 'underpaid')
      await walk.step('The buyer asks for a refund.', () => walk.tap(walk.texts.orderAnswers.askRefund), 'underpaid')
    },
  },
  {
    title: 'Too little, and the merchant’s dashboard says otherwise',
    story:
      '“Accept as paid” there changes nothing here, for the money is still missing. An administrator accepts it in the chat.',
    walk: async (walk) => {
      await walk.order()
      await walk.step('_Pay too little_.', () => walk.press('pay-less'), 'underpaid')
      await walk.step('_Accept as paid_, in the dashboard.', () => walk.press('finish'), 'underpaid')
    },
  },
  {
    title: 'Too little, and the merchant’s dashboard cancels it',
    story: 'What that means for the money is for a person.',
    walk: async (walk) => {
      await walk.order()
      await walk.step('_Pay too little_.', () => walk.press('pay-less'), 'underpaid')
      await walk.step('_Cancel_, in the dashboard.', () => walk.press('cancel'), 'review')
    },
  },
  {
    title: 'A little too much',
    story: 'The file comes; what is beyond is noted, and too little to be sent back.',
    walk: async (walk) => {
      await walk.order()
      await walk.step('_Pay too much_: a tenth more.', () => walk.press('pay-more'), 'delivered')
    },
  },
  {
    title: 'Twice as much',
    story: 'The file comes, and the difference can be asked for.',
    walk: async (walk) => {
      await walk.order()
      await walk.step(
        '_Pay too much_, with another amount.',
        () => walk.press('pay-more', { amount: '40' }),
        'delivered',
      )
      await walk.step(
        'The buyer asks for the difference.',
        () => walk.tap(walk.texts.orderAnswers.askDifference),
        'delivered',
      )
    },
  },
  {
    title: 'Nothing comes in time',
    story: 'The order expires; its address is watched for a week.',
    walk: async (walk) => {
      await walk.order()
      await walk.step('_Let it expire_.', () => walk.press('expire'), 'expired')
    },
  },
  {
    title: 'Late, after expiry',
    story: 'NOWPayments sends no notification any more. The shop asks by itself, and honours what came.',
    walk: async (walk) => {
      await walk.order()
      await walk.step('_Let it expire_.', () => walk.press('expire'), 'expired')
      const late = async () => {
        await walk.press('pay-late')
        await walk.waitForPoll()
      }
      await walk.step('_Pay too late_, and the shop asks again by itself.', late, 'delivered')
    },
  },
  {
    title: 'Another coin, sent to the same address',
    story: 'NOWPayments makes a payment of its own of it. Nothing is released; a case is opened.',
    walk: async (walk) => {
      await walk.order()
      await walk.step('_Pay in another coin_.', () => walk.press('wrong-coin'), 'review')
    },
  },
  {
    title: 'Another coin, which NOWPayments only marks',
    story: 'The status “wrong asset” is for a person as well.',
    walk: async (walk) => {
      await walk.order()
      await walk.trouble('wrong-asset-status', true)
      await walk.step('_Wrong-coin status_ is on; _Pay in another coin_.', () => walk.press('wrong-coin'), 'review')
    },
  },
  {
    title: 'Paid twice',
    story: 'The file comes once. The second payment is owed back, and its case opens by itself.',
    walk: async (walk) => {
      await walk.order()
      await walk.step('_Pay exactly_.', () => walk.press('pay'), 'delivered')
      await walk.step('_Pay a second time_.', () => walk.press('second-deposit'), 'delivered')
    },
  },
  {
    title: 'Another coin, after the file came',
    story: 'The file stays. What came besides is for a person, and the buyer is told so.',
    walk: async (walk) => {
      await walk.order()
      await walk.step('_Pay exactly_.', () => walk.press('pay'), 'delivered')
      await walk.step('_Pay in another coin_.', () => walk.press('wrong-coin'), 'delivered')
    },
  },
  {
    title: 'Too small to be processed',
    story: 'NOWPayments fails the payment; as something was sent, a case is opened.',
    walk: async (walk) => {
      await walk.order()
      await walk.step('_Fail_.', () => walk.press('fail'), 'failed')
    },
  },
  {
    title: 'Refunded by NOWPayments after the file came',
    story: 'The file leaves the library, and the seller’s share is cancelled.',
    walk: async (walk) => {
      await walk.order()
      await walk.step('_Pay exactly_.', () => walk.press('pay'), 'delivered')
      await walk.step('_Refund_.', () => walk.press('refund'), 'refunded')
    },
  },
  {
    title: 'Refunded by NOWPayments before the order was paid',
    story: 'What came too short goes back by itself, and the order ends.',
    walk: async (walk) => {
      await walk.order()
      await walk.step('_Pay too little_.', () => walk.press('pay-less'), 'underpaid')
      await walk.step('_Refund_.', () => walk.press('refund'), 'refunded')
    },
  },
  {
    title: 'Cancelled, and paid all the same',
    story: 'A cancelled address stays watched: the payment is honoured.',
    walk: async (walk) => {
      await walk.order()
      const { cancel, cancelNow } = walk.texts.orderAnswers
      await walk.step('The buyer presses Cancel.', () => walk.tap(cancel), 'awaiting_payment')
      await walk.step('The buyer confirms.', () => walk.tap(cancelNow), 'cancelled')
      await walk.step('_Pay exactly_.', () => walk.press('pay'), 'delivered')
    },
  },
  {
    title: 'The coin is changed, and the old address paid',
    story: 'Both addresses are watched: whichever is paid counts.',
    walk: async (walk) => {
      await walk.order()
      await walk.step(
        'The buyer presses Change coin.',
        () => walk.tap(walk.texts.orderAnswers.changeCoin),
        'awaiting_payment',
      )
      await walk.step('The buyer chooses another.', () => walk.tap('USDC'), 'awaiting_payment')
      await walk.step('_Pay exactly_, to the first address.', () => walk.press('pay', { payment: 0 }), 'delivered')
    },
  },
  {
    title: 'Forged, repeated and reordered notifications',
    story: 'Forgeries are refused, and the rest is a reason to ask NOWPayments itself: one file, one receipt.',
    walk: async (walk) => {
      await walk.order()
      for (const fault of ['forge', 'duplicate', 'reorder']) await walk.trouble(fault, true)
      await walk.step('All three are on; _Pay exactly_.', () => walk.press('pay'), 'delivered')
    },
  },
  {
    title: 'All notifications lost',
    story: 'The buyer’s Refresh, or at the latest the next minute, finds the payment.',
    walk: async (walk) => {
      await walk.order()
      const { refresh } = walk.texts.orderAnswers
      await walk.step(
        'The buyer presses Refresh before anything was sent.',
        () => walk.tap(refresh),
        'awaiting_payment',
      )
      await walk.trouble('drop', true)
      await walk.press('pay')
      await walk.step('_Lose them_ is on; _Pay exactly_; a minute passes.', () => walk.waitForPoll(), 'delivered')
    },
  },
  {
    title: 'NOWPayments cannot be asked',
    story: 'The buyer reads that nothing is lost; once it answers again, the file comes by itself.',
    walk: async (walk) => {
      await walk.order()
      await walk.trouble('server-error', true)
      await walk.press('pay')
      await walk.step('_Bad gateway_ is on; _Pay exactly_.', () => walk.unread(), 'awaiting_payment', moving)
      await walk.trouble('server-error', false)
      await walk.step('It answers again.', () => walk.waitForPoll(), 'delivered')
    },
  },
  {
    title: 'The coin is not to be had at this moment',
    story: 'No address is made, nothing is asked of the buyer, and other coins are a press away.',
    walk: async (walk) => {
      await walk.trouble('coin-unavailable', true)
      await walk.step('_Coin unavailable_ is on; a coin is chosen.', () => walk.choose(), 'failed')
    },
  },
  {
    title: 'The answer to the creation is lost',
    story:
      'Nobody knows whether there is a payment. Its first notification would bring its address; here that is lost as well, and the buyer tries again.',
    walk: async (walk) => {
      await walk.trouble('lost-reply', true)
      await walk.trouble('drop', true)
      await walk.step(
        '_Act, lose the reply_ and _Lose them_ are on; a coin is chosen.',
        () => walk.choose(),
        'creating',
      )
      await walk.trouble('lost-reply', false)
      await walk.trouble('drop', false)
      await walk.step('The buyer tries again.', () => walk.tap(walk.texts.orderAnswers.retry), 'awaiting_payment')
      await walk.step('_Pay exactly_.', () => walk.press('pay'), 'delivered')
    },
  },
]
