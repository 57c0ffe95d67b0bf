import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { type World } from '../sandbox/world.ts'
import { listBrokenInvariants } from '../shared/db/invariants.ts'

type Client = ReturnType<World['telegram']['addPerson']>
export type Seen = Awaited<ReturnType<Client['waitForMessage']>>

let lastId = 880_000

/** Somebody who buys in the chat, by what they can see and press. */
export class Shopper {
  readonly world: World
  readonly client: Client
  /** How long the bot may take for an answer; where much happens at once it may be longer. */
  patienceMs = 30_000

  constructor(world: World, name = 'Alice', language = 'en', id = ++lastId) {
    this.world = world
    this.client = world.telegram.addPerson({ id, first_name: name, language_code: language })
  }

  get id(): number {
    return this.client.id
  }

  say(text: string): void {
    this.client.send(text)
  }

  /** Waits for a button whose label contains this, and presses the newest one. */
  async tap(label: string): Promise<void> {
    const [messageId, data] = await this.client.waitFor(({ messages }) => findButton(messages, label), this.patienceMs)
    this.client.press(messageId, data)
  }

  /** Waits for the newest message of the bot that contains this. */
  sees(text: string, withinMs = this.patienceMs): Promise<Seen> {
    return this.client.waitForMessage((message) => wordsOf(message).includes(text), withinMs)
  }

  seesFile(withinMs = 30_000): Promise<Seen> {
    return this.client.waitForMessage(({ document }) => document !== undefined, withinMs)
  }

  files(): Seen[] {
    return this.client.chat().messages.filter(({ document }) => document !== undefined)
  }

  /** Whatever brought a file: the document, or a link to it where Telegram would not take one. */
  seesDelivery(withinMs: number): Promise<Seen> {
    return this.client.waitForMessage(isDelivery, withinMs)
  }

  deliveries(): Seen[] {
    return this.client.chat().messages.filter(isDelivery)
  }

  /** From /start to the order message with its address; returns the payment at NOWPayments. */
  async order(productCode: string, coin = 'USDT'): Promise<{ paymentId: string; orderCode: string; message: Seen }> {
    this.say(`/start p_${productCode}`)
    await this.tap('Buy')
    await this.tap(coin)
    const message = await this.sees('Exact amount')
    const [, orderCode = ''] = /Order ([0-9A-Z]{10})/.exec(wordsOf(message)) ?? []
    const payment = this.world.nowPayments.payments().find(({ orderId }) => orderId?.startsWith(orderCode))
    assert.ok(payment, `no payment was made for order ${orderCode}`)
    return { paymentId: payment.id, orderCode, message }
  }

  /** Of the document, or of what the page behind the link hands out. */
  async sha256Of(message: Seen): Promise<string> {
    const link = linkOf(message)
    const bytes =
      link === undefined
        ? await this.world.telegram.fileBytes(message.document?.file_id ?? '')
        : await this.#download(link)
    return createHash('sha256').update(bytes).digest('hex')
  }

  async #download(link: string): Promise<Uint8Array> {
    const pressed = await fetch(this.world.publicUrl + link, { method: 'POST' }) // leads to the bucket
    assert.equal(pressed.status, 200, `the link ${link.slice(0, 6)}… gave no file`)
    return new Uint8Array(await pressed.arrayBuffer())
  }
}

const isDelivery = (message: Seen): boolean => message.document !== undefined || linkOf(message) !== undefined

/** The path of the page that a download link opens. */
export function linkOf({ keyboard }: Seen): string | undefined {
  const paths = (keyboard ?? []).flat().map(({ url }) => (url === undefined ? '' : new URL(url).pathname))
  return paths.find((path) => path.startsWith('/d/'))
}

export const wordsOf = (message: Seen): string => message.text ?? message.caption ?? ''

function findButton(messages: readonly Seen[], label: string): [number, string] | undefined {
  for (const message of messages.toReversed()) {
    const button = message.keyboard?.flat().find(({ text, data }) => data !== undefined && text.includes(label))
    if (button?.data !== undefined) return [message.message_id, button.data]
  }
  return undefined
}

/** What the shop sold under a product's code. */
export async function soldFile(world: World, productCode: string): Promise<{ sha256: string; fileName: string }> {
  const { rows } = await world.db.query<{ sha256: string; fileName: string }>(
    `select f.sha256, f.file_name as "fileName"
       from products p
       join product_files f on f.id = p.current_file_id
      where p.code = $1`,
    [productCode],
  )
  const [file] = rows
  assert.ok(file, `no product ${productCode}`)
  return file
}

export async function orderStatus(world: World, code: string): Promise<string | undefined> {
  const { rows } = await world.db.query<{ status: string }>(`select status from orders where code = $1`, [code])
  return rows[0]?.status
}

/** The books balance after every story, and each paid order was booked once. */
export async function assertBooksBalance(world: World): Promise<void> {
  const { rows } = await world.db.query<{ sum: bigint; unbooked: number }>(
    `select (select coalesce(sum(amount_cents), 0)::bigint from ledger_lines) as sum,
            (select count(*)::int
               from orders o
              where o.paid_at is not null
                and o.total_cents > 0
                and not exists (select from ledger_entries e where e.order_id = o.id and e.kind = 'sale')) as unbooked`,
    [],
  )
  assert.deepEqual(rows, [{ sum: 0n, unbooked: 0 }])
  assert.deepEqual(await listBrokenInvariants(world.db), [])
}
