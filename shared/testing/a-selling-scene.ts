import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { pino } from 'pino'
import { type ChatMessage } from '../../sandbox/telegram/chat-view.ts'
import { type PersonClient } from '../../sandbox/telegram/person-client.ts'
import { type Action, type ArgumentList, buttonData } from '../../services/bot/buttons.ts'
import { type CheckoutSettings } from '../../services/bot/checkout/checkout-deps.ts'
import { shopFeatures } from '../../services/bot/shop-features.ts'
import { acceptFile, refuseFile } from '../../services/media/close-file.ts'
import { setCoinLimit } from '../db/coin-limits.ts'
import { findOwnAt, type OwnProduct } from '../db/own-products.ts'
import { type Database } from '../db/pool.ts'
import { claimFile, markFileStored } from '../db/verify-files.ts'
import { coins } from '../domain/coin.ts'
import { type FileId, type PersonId, personId } from '../domain/ids.ts'
import { cents } from '../domain/money.ts'
import { type FileRefusal } from '../domain/notice.ts'
import { codeFrom, productCodeLength } from '../domain/public-code.ts'
import { aRunningBot, type BotScene } from './a-bot.ts'
import { forgePress, says, untilHandled } from './a-chat.ts'
import { type Cleanup } from './database.ts'

const away = () => Promise.resolve({ kind: 'unreachable', cause: 'not here' } as const)

const settings: CheckoutSettings = {
  termsVersion: 'test',
  payments: {
    merchantCoins: away,
    minAmount: away,
    estimate: away,
    createPayment: () => Promise.resolve({ kind: 'unknown', cause: 'not here' }),
  },
}

/** A bot with the whole shop, in which sellers can be met. BTC carries $18.80 and more, every other coin anything. */
export async function aSellingScene(t: Cleanup, environment: NodeJS.ProcessEnv = {}): Promise<SellingScene> {
  const scene = await aRunningBot(t, shopFeatures(settings), environment)
  for (const coin of coins) await setCoinLimit(scene.deps.db, coin, cents(coin === 'btc' ? 1880n : 1n))
  return new SellingScene(scene)
}

export class SellingScene {
  readonly scene: BotScene
  readonly db: Database

  constructor(scene: BotScene) {
    this.scene = scene
    this.db = scene.deps.db
  }

  /** Somebody whose shop is open, in front of the home screen. */
  async meetSeller(first_name = 'Camille'): Promise<Seller> {
    const person = await this.meet(first_name)
    await this.db.query(`insert into sellers (user_id, code, display_name) values ($1, $2, $3)`, [
      BigInt(person.id),
      codeFrom(randomBytes(productCodeLength)),
      first_name,
    ])
    return new Seller(this, person)
  }

  async meet(first_name: string): Promise<PersonClient> {
    const person = this.scene.emulator.addPerson({ first_name, language_code: 'en' })
    person.send('/start')
    await person.waitForMessage(says('Comptoir'))
    return person
  }

  /** What `media` does with the file that waits, when it is as it should be. */
  async verify(product: Pick<OwnProduct, 'id'>): Promise<FileId> {
    const { claim, deps } = await this.#claim(product)
    await markFileStored(this.db, claim, { sha256: 'a'.repeat(64), md5: 'b'.repeat(32) })
    const content = { sha256: 'a'.repeat(64), md5: 'b'.repeat(32) }
    await acceptFile(deps, claim, { ...content, hasExecutables: false, preview: null })
    return claim.id
  }

  /** What `media` does with the file that waits, when it is not. */
  async refuse(product: Pick<OwnProduct, 'id'>, reason: FileRefusal): Promise<void> {
    const { claim, deps } = await this.#claim(product)
    await refuseFile(deps, claim, reason)
  }

  async #claim({ id }: Pick<OwnProduct, 'id'>) {
    const { rows } = await this.db.query<{ file: FileId }>(`select next_file_id as file from products where id = $1`, [
      id,
    ])
    const claim = await claimFile(this.db, rows[0]?.file ?? assert.fail('no file waits'))
    if (claim === undefined || claim === 'held') assert.fail('this file does not wait')
    return { claim, deps: { db: this.db, log: pino({ enabled: false }) } }
  }

  /** What `media` does for a product without a picture. */
  async drawPicture(product: Pick<OwnProduct, 'id'>): Promise<void> {
    await this.db.query(
      `with drawn as (
              insert into images (product_id, source, state, cover_key, cover_sha256, cover_bytes, thumb_key, thumb_sha256,
                                  thumb_bytes)
              values ($1, 'drawn', 'ready', $2, repeat('c', 64), 1, $3, repeat('d', 64), 1)
           returning id)
       update products set image_id = drawn.id from drawn where products.id = $1`,
      [product.id, `cover of ${product.id}`, `thumb of ${product.id}`],
    )
  }
}

/** A seller in the chat. */
export class Seller {
  readonly #world: SellingScene
  readonly person: PersonClient
  readonly id: PersonId

  constructor(world: SellingScene, person: PersonClient) {
    this.#world = world
    this.person = person
    this.id = personId(person.id)
  }

  /** Does what a button does, wherever it stands; answers with the id of the press. */
  async go<A extends Action>(action: A, ...args: ArgumentList<A>): Promise<string> {
    await this.#world.db.query('delete from rate_buckets')
    return forgePress(this.#world.scene, this.person, buttonData(action, ...args))
  }

  /** Presses a button of the newest screen by its label, and waits until that was handled. */
  async press(label: string): Promise<ChatMessage> {
    const key = this.screen()
      .keyboard?.flat()
      .find(({ text }) => text.includes(label))
    assert.ok(key?.data !== undefined, `no button ${label} on: ${this.shown()}`)
    await this.#world.db.query('delete from rate_buckets')
    this.person.press(this.screen().message_id, key.data)
    return this.#settled()
  }

  /** Writes something, and waits until it was handled. */
  async write(text: string): Promise<ChatMessage> {
    await this.#world.db.query('delete from rate_buckets')
    this.person.send(text)
    return this.#settled()
  }

  async sendFile(name: string, bytes: Uint8Array, kind: 'document' | 'photo' = 'document'): Promise<ChatMessage> {
    await this.#world.db.query('delete from rate_buckets')
    await this.person.sendFile({ kind, name, bytes })
    return this.#settled()
  }

  async #settled(): Promise<ChatMessage> {
    const { emulator, deps } = this.#world.scene
    // the bot fetches updates itself: what was sent may not even have arrived yet
    while (emulator.world.updates.pending(Number(deps.bot.id)).length > 0) await turn()
    await untilHandled(this.#world.db)
    return this.screen()
  }

  /** The newest message of the bot with buttons. */
  screen(): ChatMessage {
    const screen = this.person
      .chat()
      .messages.findLast(({ from, keyboard }) => from === 'bot' && keyboard !== undefined)
    return screen ?? assert.fail('no screen')
  }

  shown(): string {
    const { text, caption } = this.screen()
    return text ?? caption ?? ''
  }

  labels(): string[] {
    return (this.screen().keyboard ?? []).flat().map(({ text }) => text)
  }

  async product(position = 1): Promise<OwnProduct> {
    return (await findOwnAt(this.#world.db, this.id, position)) ?? assert.fail('no product')
  }
}
