import { setTimeout as pause } from 'node:timers/promises'
import { type BrowserContext, type Page } from 'playwright-core'
import { until } from '../../sandbox/infra/until.ts'
import { type World } from '../../sandbox/world.ts'
import { type OrderStatus } from '../../shared/domain/order.ts'
import { type Language, type Texts, textsFor } from '../../shared/texts/index.ts'
import { type Seen, Shopper, wordsOf } from '../shopper.ts'
import { Names } from './names.ts'

/** What the buyer sees after one step: messages that came or changed, and what their presses were answered with. */
export type Shown = { readonly kind: 'order message' | 'message'; readonly text: string; readonly buttons: string }
export type Step = { readonly what: string; readonly shown: readonly Shown[]; readonly toasts: readonly string[] }

const productCode = 'TSBYEX23'
const calmMs = 800

/** One buyer on one way through an order: in the chat by their own hands, at NOWPayments by the buttons of the pay page. */
export class Walk {
  readonly world: World
  readonly texts: Texts
  readonly buyer: Shopper
  readonly steps: Step[] = []
  readonly #page: Page
  readonly #names = new Names()
  #before = new Map<number, string>()
  #toasts = 0
  #orderCode: string | undefined

  constructor(world: World, page: Page, language: Language) {
    this.world = world
    this.texts = textsFor(language)
    this.buyer = new Shopper(world, 'Alice', language)
    this.#page = page
  }

  static async begin(world: World, context: BrowserContext, language: Language): Promise<Walk> {
    return new Walk(world, context.pages()[0] ?? (await context.newPage()), language)
  }

  /** From the product to the order message; `coin` is pressed last, and what follows is up to the path. */
  async choose(coin = 'USDT'): Promise<void> {
    this.buyer.say(`/start p_${productCode}`)
    await this.buyer.tap(beforeDot(this.texts.storefront.buy('')))
    await this.buyer.tap(coin)
    this.#orderCode = await until(async () => (await this.#order())?.code, 20_000)
  }

  /** The same, until there is an address to pay to. Every path but the last ones begins with this. */
  async order(): Promise<void> {
    await this.choose()
    await this.reach('awaiting_payment')
    this.#remember()
  }

  /**
   * Does something, waits for the order to get there and for the chat to be calm, and writes down what the buyer sees. Where
   * something `isMoving`, more will come by itself.
   */
  async step(
    what: string,
    act: () => Promise<unknown>,
    status: OrderStatus,
    { isMoving = false }: { isMoving?: boolean } = {},
  ): Promise<void> {
    await act()
    if (!isMoving) await this.world.settle()
    await this.reach(status)
    this.steps.push({ what, ...(await this.#look()) })
    this.#remember()
  }

  tap(label: string): Promise<void> {
    return this.buyer.tap(label)
  }

  /** Presses a button of the pay page, for the latest payment of the order unless told. */
  async press(act: string, { amount, payment = -1 }: { amount?: string; payment?: number } = {}): Promise<void> {
    const id = (await this.payments()).at(payment)
    await this.#page.goto(`${this.world.nowPayments.payUrl}?payment=${id ?? ''}`)
    await this.#page.locator('.about').waitFor()
    if (amount !== undefined) await this.#page.locator('.amount-field input').fill(amount)
    const [answer] = await Promise.all([
      this.#page.waitForResponse((response) => response.url().endsWith('/act')),
      this.#page.locator(`[data-act="${act}"]`).click(),
    ])
    if (!answer.ok()) throw new Error(`Expected the pay page to do ${act}, got ${await answer.text()}`)
    await this.world.nowPayments.idle()
  }

  /** Switches what NOWPayments does wrong on the pay page, on or off. */
  async trouble(fault: string, isOn: boolean): Promise<void> {
    await this.#page.goto(this.world.nowPayments.payUrl)
    const toggle = this.#page.locator(`[data-fault="${fault}"]`)
    await this.#page.locator(`[data-fault="${fault}"][aria-pressed="${String(!isOn)}"]`).waitFor()
    await toggle.click()
    await this.#page.locator(`[data-fault="${fault}"][aria-pressed="${String(isOn)}"]`).waitFor()
  }

  /** The numbers at NOWPayments of what was made for this order, the first one first. */
  async payments(): Promise<string[]> {
    return until(async () => {
      const code = this.#orderCode ?? (await this.#order())?.code ?? 'none'
      const made = this.world.nowPayments
        .payments()
        .filter(({ orderId, parentId }) => parentId === null && orderId?.startsWith(code))
      return made.length > 0
        ? made.toSorted((one, other) => Number(one.id) - Number(other.id)).map(({ id }) => id)
        : undefined
    }, 20_000)
  }

  /** A minute goes by, and the shop asks NOWPayments again by itself. */
  async waitForPoll(): Promise<void> {
    await this.world.db.query(`update payment_events set next_try_at = clock_timestamp() where handled_at is null`, [])
    await this.world.db.query(
      `with due as (update payments set next_poll_at = clock_timestamp() where next_poll_at is not null returning id)
       select pg_notify('payments_due', '') from due limit 1`,
      [],
    )
  }

  /** Waits until the order message says something else than after the last step. */
  async redrawn(): Promise<void> {
    const id = (await this.#order())?.messageId ?? 0
    const shown = () => this.#messages().find(({ message_id: one }) => one === id)
    await until(() => {
      const message = shown()
      return Promise.resolve(message !== undefined && viewOf(message) !== this.#before.get(id) ? true : undefined)
    }, 30_000)
  }

  /** Waits until the buyer reads that NOWPayments cannot be asked. */
  async unread(): Promise<void> {
    await this.buyer.sees(this.texts.order.unreachable, 30_000)
  }

  /** Waits until the order is there, its message shows it, and everything that is to be said was said. */
  async reach(status: OrderStatus): Promise<void> {
    await until(async () => {
      const order = await this.#order()
      if (order?.status === status && order.isShown) return true
      throw new Error(`Expected the order to be shown as ${status}, got ${JSON.stringify(order)}: ${this.#chat()}`)
    }, 30_000)
    let before: string
    do {
      before = this.#chat()
      await pause(calmMs)
    } while (before !== this.#chat())
  }

  async #order(): Promise<{ code: string; status: string; isShown: boolean; messageId: number } | undefined> {
    const { rows } = await this.world.db.query<{ code: string; status: string; isShown: boolean; messageId: number }>(
      `select code, status, message_id::float8 as "messageId",
              message_lease_until < clock_timestamp()
                and case when status in ('paid', 'delivered') then delivered_at is not null and told @> '{receipt}'
                         else drawn_status = status end
                and (status not in ('underpaid', 'review', 'refunded') or told @> array[status]) as "isShown"
         from orders where buyer_id = $1 order by created_at desc limit 1`,
      [this.buyer.id],
    )
    return rows[0]
  }

  #messages(): Seen[] {
    return this.buyer.client.chat().messages.filter(({ from }) => from === 'bot')
  }

  #chat(): string {
    return JSON.stringify(this.#messages().map((message) => viewOf(message)))
  }

  #remember(): void {
    this.#before = new Map(this.#messages().map((message) => [message.message_id, viewOf(message)]))
    this.#toasts = this.buyer.client.chat().answers.length
  }

  async #look(): Promise<Pick<Step, 'shown' | 'toasts'>> {
    const order = await this.#order()
    const changed = this.#messages().filter((message) => this.#before.get(message.message_id) !== viewOf(message))
    const name = await this.#names.of(this.world, this.buyer.id, this.texts)
    const toasts = this.buyer.client.chat().answers.slice(this.#toasts)
    return {
      shown: changed
        .filter(({ message_id: id }) => id >= (order?.messageId ?? 0))
        .map((message) => ({
          kind: message.message_id === order?.messageId ? 'order message' : 'message',
          text: name(fileOf(message) + wordsOf(message)),
          buttons: buttonsOf(message).map(name).join('\n'),
        })),
      toasts: toasts.flatMap(({ text }) => (text === undefined ? [] : [name(text)])),
    }
  }
}

/** A button's words without the sum behind them. */
export const beforeDot = (label: string): string => label.split('·')[0]?.trim() ?? ''

const viewOf = (message: Seen): string =>
  JSON.stringify([message.text, message.caption, message.keyboard, message.document?.file_name])

const fileOf = ({ document }: Seen): string => (document === undefined ? '' : `📎 ${document.file_name}\n`)

const buttonsOf = ({ keyboard = [] }: Seen): string[] =>
  keyboard.map((row) => row.map(({ text }) => `[${text}]`).join(' '))
