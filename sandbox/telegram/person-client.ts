import { rm } from 'node:fs/promises'
import { type ChatEvent } from './chats.ts'
import { type ChatMessage, viewMessage, viewMessages } from './chat-view.ts'
import { uploadFromBytes } from './files.ts'
import { type Person } from './people.ts'
import { deleteForBoth, openChat, type Parcel, press, sendFiles, sendText, setBlocked, type Side } from './person.ts'
import { type World } from './world.ts'

/** An answer to a press, as the person sees it. */
export type Answer = { callback_query_id: string; text?: string; show_alert?: boolean; url?: string }

/** What a person sees of a chat at one moment. */
export type ChatSnapshot = {
  messages: ChatMessage[]
  /** Answers to presses, oldest first. */
  answers: readonly Answer[]
  action: string | null
  blocked: boolean
  started: boolean
}

export type NamedBytes = { name: string; bytes: Uint8Array }

export type FileToSend = NamedBytes & { kind?: Parcel['kind']; caption?: string }

/** Whoever waits has what they wait for at once; this is for a machine with much else to do. */
const defaultTimeoutMs = 30_000

/** A person in the chat with one bot, for tests and scripts. */
export class PersonClient {
  readonly person: Person
  readonly #world: World
  readonly #side: Side
  readonly #uploadFolder: string
  readonly #answers: Answer[] = []

  constructor(world: World, side: Side, uploadFolder: string) {
    this.person = side.person
    this.#world = world
    this.#side = side
    this.#uploadFolder = uploadFolder
    this.#listen((event) => {
      if (event.type === 'answer') this.#answers.push(event)
    })
  }

  /** Telegram's id of the person, which is also the id of the chat. */
  get id(): number {
    return this.person.id
  }

  send(text: string, replyTo?: number): ChatMessage {
    return viewMessage(this.#world, sendText(this.#world, this.#side, text, replyTo))
  }

  async sendFile({ kind = 'document', name, bytes, caption = '' }: FileToSend): Promise<ChatMessage> {
    const [message] = await this.sendFiles(kind, [{ name, bytes }], caption)
    if (message === undefined) throw new Error('Expected the message of the file that was sent')
    return message
  }

  /** Several photos or files at once are an album. */
  async sendFiles(kind: Parcel['kind'], files: readonly NamedBytes[], caption = ''): Promise<ChatMessage[]> {
    const uploads = []
    for (const { name, bytes } of files) uploads.push(await uploadFromBytes(this.#uploadFolder, name, bytes))
    try {
      const sent = await sendFiles(this.#world, this.#side, { kind, uploads, caption })
      return sent.map((message) => viewMessage(this.#world, message))
    } finally {
      await Promise.all(uploads.map(({ path }) => rm(path, { force: true })))
    }
  }

  /** Presses a button by its callback data; returns the id of the callback query. */
  press(messageId: number, data: string, { isForgotten = false } = {}): string {
    return press(this.#world, this.#side, messageId, data, isForgotten)
  }

  /** Presses the newest button with that text. */
  pressText(text: string): string {
    for (const message of this.chat().messages.reverse()) {
      const button = message.keyboard?.flat().find((candidate) => candidate.text === text)
      if (button?.data !== undefined) return this.press(message.message_id, button.data)
    }
    throw new Error(`There is no button "${text}" in the chat:\n${describe(this.chat())}`)
  }

  block(): void {
    setBlocked(this.#world, this.#side, true)
  }

  unblock(): void {
    setBlocked(this.#world, this.#side, false)
  }

  delete(messageId: number): void {
    deleteForBoth(this.#world, this.#side, messageId)
  }

  chat(): ChatSnapshot {
    const chat = openChat(this.#world, this.#side)
    return {
      messages: viewMessages(this.#world, chat),
      answers: [...this.#answers],
      action: this.#world.chats.actionAt(chat, this.#world.clock.now()),
      blocked: chat.blocked,
      started: chat.started,
    }
  }

  /** Resolves with what `look` finds in the chat, as soon as it finds something. */
  waitFor<T>(look: (chat: ChatSnapshot) => T | undefined | false | null, timeoutMs = defaultTimeoutMs): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const check = () => {
        const found = look(this.chat())
        if (found === undefined || found === false || found === null) return
        clearTimeout(timer)
        stop()
        resolve(found)
      }
      const timer = setTimeout(() => {
        stop()
        reject(new Error(`Nothing of the kind within ${timeoutMs} ms. The chat:\n${describe(this.chat())}`))
      }, timeoutMs)
      const stop = this.#listen(() => {
        queueMicrotask(guarded)
      })
      const guarded = () => {
        try {
          check()
        } catch (cause) {
          clearTimeout(timer)
          stop()
          reject(cause instanceof Error ? cause : new Error(String(cause)))
        }
      }
      guarded()
    })
  }

  /** The newest message of the bot that fits. */
  waitForMessage(fits: (message: ChatMessage) => boolean, timeoutMs?: number): Promise<ChatMessage> {
    return this.waitFor(({ messages }) => messages.findLast((m) => m.from === 'bot' && fits(m)), timeoutMs)
  }

  #listen(listener: (event: ChatEvent) => void): () => void {
    return this.#world.chats.listen(openChat(this.#world, this.#side), listener)
  }
}

function describe({ messages, answers }: ChatSnapshot): string {
  const lines = messages.slice(-10).map((message) => {
    const what = message.text ?? message.caption ?? message.document?.file_name ?? 'photo'
    const buttons = message.keyboard?.flat().map(({ text }) => `[${text}]`) ?? []
    return `  #${message.message_id} ${message.from}: ${what} ${buttons.join(' ')}`
  })
  return [...lines, ...answers.slice(-3).map((answer) => `  answer: ${answer.text ?? ''}`)].join('\n')
}
