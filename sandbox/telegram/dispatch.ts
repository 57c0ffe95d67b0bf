import { type Bot } from './bots.ts'
import { type Clock } from './clock.ts'
import { Poller } from './polling.ts'
import { type Updates } from './updates.ts'
import { type WebhookReply, WebhookSender } from './webhook-sender.ts'

/** Runs the method a webhook put into its answer. */
export type ReplyRunner = (bot: Bot, reply: WebhookReply) => void

/** Brings updates to bots, by whichever way each has chosen. */
export class Dispatch {
  readonly #updates: Updates
  readonly #clock: Clock
  readonly #pollers = new Map<number, Poller>()
  readonly #senders = new Map<number, WebhookSender>()
  #runReply: ReplyRunner = () => undefined

  constructor(updates: Updates, clock: Clock) {
    this.#updates = updates
    this.#clock = clock
    updates.onPush((botId) => {
      this.#wake(botId)
    })
  }

  onReply(run: ReplyRunner): void {
    this.#runReply = run
  }

  poller(botId: number): Poller {
    const poller = this.#pollers.get(botId) ?? new Poller(botId, this.#updates, this.#clock)
    this.#pollers.set(botId, poller)
    return poller
  }

  sender(botId: number): WebhookSender | undefined {
    return this.#senders.get(botId)
  }

  /** Starts sending to the bot's webhook, ends polling, or stops sending when it has none. */
  applyWebhook(bot: Bot): void {
    this.#senders.get(bot.id)?.stop()
    this.#senders.delete(bot.id)
    if (bot.webhook === undefined) return
    this.poller(bot.id).abort('terminated by setWebhook request')
    const sender = new WebhookSender({
      botId: bot.id,
      settings: bot.webhook,
      updates: this.#updates,
      clock: this.#clock,
      onReply: (reply) => {
        this.#runReply(bot, reply)
      },
    })
    this.#senders.set(bot.id, sender)
    sender.sendDue()
  }

  /** Ends every connection. */
  close(): void {
    for (const sender of this.#senders.values()) sender.stop()
    this.#senders.clear()
  }

  #wake(botId: number): void {
    const sender = this.#senders.get(botId)
    if (sender === undefined) this.#pollers.get(botId)?.wake()
    else sender.sendDue()
  }
}
