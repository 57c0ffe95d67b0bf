import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { until } from '../../sandbox/infra/until.ts'
import { failpoints } from '../../shared/runtime/failpoint.ts'
import { createTestDatabaseConfig } from '../../shared/testing/database.ts'
import { assertBooksBalance, Shopper, wordsOf } from '../shopper.ts'
import { assertDeliveredOnce, untilNothingWaits } from './outcome.ts'
import { hurry } from '../story.ts'
import { type Processes, startProcesses } from './processes.ts'

const modes = ['kill', 'throw', 'hang'] as const

/** Every place between the choice of a coin and the order message. FAULT_MATRIX=full tries each with every fault. */
const isFull = process.env['FAULT_MATRIX'] === 'full'
const passed = failpoints.filter((point) => point.startsWith('bot.'))
const chosen = ['bot.payment-made:kill', 'bot.message-sent:throw']
const cells = passed
  .flatMap((point) => modes.map((mode) => `${point}:${mode}`))
  .filter((cell) => isFull || chosen.includes(cell))

const productCode = 'TSBYEX23'
const withinMs = 200_000

describe('an order survives a fault between any two steps of the bot', { timeout: 7_200_000 }, () => {
  let folder: string
  let processes: Processes

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'comptoir-orders-'))
    const database = await createTestDatabaseConfig({ after })
    processes = await startProcesses({ database, products: [productCode], environment: hurry })
  })

  after(async () => {
    await processes.stop()
    await rm(folder, { recursive: true, force: true })
  })

  for (const cell of cells) {
    test(`the order goes on after ${cell.replace(':', ', ')}`, { timeout: 600_000 }, async () => {
      const { world } = processes
      const buyer = new Shopper(world)
      buyer.say(`/start p_${productCode}`)
      // the bot may still be getting over the fault before this one
      await buyer.client.waitFor(({ messages }) => hasButton(messages, 'Buy'), withinMs)
      await buyer.tap('Buy')
      await buyer.client.waitFor(({ messages }) => hasButton(messages, 'USDT'), 30_000)
      const reportFile = join(folder, cell)
      await processes.arm(['bot'], cell, reportFile)
      await buyer.tap('USDT')
      await until(() => Promise.resolve(existsSync(reportFile) || undefined), 60_000)

      const orderCode = await untilAsked(buyer)
      const asked = world.nowPayments.payments().filter(({ orderId }) => orderId?.startsWith(orderCode))
      const shown = asked.find(({ payAddress }) =>
        buyer.client.chat().messages.some((m) => wordsOf(m).includes(payAddress)),
      )
      assert.ok(shown, 'the address shown is one that NOWPayments gave')
      world.nowPayments.act(shown.id, { action: 'pay' })
      await assertDeliveredOnce(world, buyer, { orderCode, productCode, withinMs })
      await untilNothingWaits(world)
      await assertBooksBalance(world)
    })
  }

  test('the matrix of orders covers every step of the bot', () => {
    assert.ok(passed.length >= 6)
    if (!isFull) assert.deepEqual(cells.toSorted(), chosen.toSorted())
  })
})

type Messages = ReturnType<Shopper['client']['chat']>['messages']

const hasButton = (messages: Messages, label: string): true | undefined =>
  messages.some(({ keyboard }) => keyboard?.flat().some(({ text }) => text.includes(label))) || undefined

/** Until the order message names an address. Where NOWPayments may have been asked in vain the buyer tries again. */
async function untilAsked(buyer: Shopper): Promise<string> {
  const tried = new Set<number>()
  return buyer.client.waitFor(({ messages }) => {
    const asking = messages.findLast((message) => wordsOf(message).includes('Exact amount'))
    const [, orderCode] = /Order ([0-9A-Z]{10})/.exec(asking === undefined ? '' : wordsOf(asking)) ?? []
    if (orderCode !== undefined) return orderCode
    const again = messages.findLast(({ keyboard }) => keyboard?.flat().some(({ text }) => text.includes('Try again')))
    const data = again?.keyboard?.flat().find(({ text }) => text.includes('Try again'))?.data
    if (again === undefined || data === undefined || tried.has(again.message_id)) return undefined
    tried.add(again.message_id)
    buyer.client.press(again.message_id, data)
    return undefined
  }, withinMs)
}
