import { type Bot, botUser } from './bots.ts'
import { type Chat } from './chats.ts'
import { unixTime } from './clock.ts'
import { countCharacters } from './entities/text.ts'
import { type FormattedText, readCaption, readPlainText } from './entities.ts'
import { BotApiError } from './errors.ts'
import { type Upload } from './files.ts'
import { type Content, newAlbumId, type StoredMessage } from './messages.ts'
import { type Person, personUser, privateChat } from './people.ts'
import { callbackQueue, membershipQueue } from './updates.ts'
import { showMessage, type World } from './world.ts'

/** Something a person cannot do; `status` is the HTTP answer of the chat page's API. */
export class PersonError extends Error {
  override readonly name = 'PersonError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** A person and a bot, and the chat between them. */
export type Side = { person: Person; bot: Bot }

const messageLifetime = 86_400
const callbackLifetime = 150

export function openChat(world: World, { person, bot }: Side): Chat {
  return world.chats.open(bot.id, person.id)
}

/** The person writes to the bot. */
export function sendText(world: World, side: Side, text: string, replyTo?: number): StoredMessage {
  const plain = readPlainText(text)
  if (plain.text === '') throw new PersonError(400, 'Write something first.')
  if (countCharacters(plain.text) > 4096) throw new PersonError(400, 'A message has at most 4096 characters.')
  return say(world, side, { kind: 'text', ...plain }, { replyTo })
}

/** What a person sends in one go: one photo or file, or an album of up to ten. */
export type Parcel = {
  kind: 'photo' | 'document'
  uploads: readonly Upload[]
  caption?: string
  replyTo?: number | undefined
}

const longestAlbum = 10

/** The person sends photos or files. The words of an album stand with its first photo, or under its last file. */
export async function sendFiles(world: World, side: Side, parcel: Parcel): Promise<StoredMessage[]> {
  const { kind, uploads, caption = '', replyTo } = parcel
  checkOpen(openChat(world, side))
  if (uploads.length > longestAlbum) throw new PersonError(400, `An album has at most ${longestAlbum} files.`)
  const text = readCaption({ text: caption, parseMode: '', entities: undefined })
  const captioned = kind === 'photo' ? 0 : uploads.length - 1
  const contents: Content[] = []
  for (const [index, upload] of uploads.entries()) {
    contents.push(await contentOf(world, side, kind, upload, index === captioned ? text : noText))
  }
  const albumId = contents.length > 1 ? newAlbumId() : undefined
  return contents.map((content) => say(world, side, content, { replyTo, albumId }))
}

const noText: FormattedText = { text: '', entities: [] }

async function contentOf(
  { files }: World,
  { bot }: Side,
  kind: Parcel['kind'],
  upload: Upload,
  caption: FormattedText,
): Promise<Content> {
  if (upload.size === 0) throw new PersonError(400, `“${upload.name}” is empty.`)
  if (kind === 'document') return { kind, document: await files.addDocument(bot.id, upload, 'person'), caption }
  try {
    return { kind, photo: await files.addPhoto(bot.id, upload, 'person'), caption }
  } catch (cause) {
    if (!(cause instanceof BotApiError)) throw cause
    const reason = `“${upload.name}” cannot be shown as a photo. Send it as a file.`
    throw Object.assign(new PersonError(400, reason), { cause })
  }
}

function checkOpen(chat: Chat): void {
  if (chat.blocked) throw new PersonError(409, 'The bot is blocked. Unblock it to write.')
}

type Circumstances = { replyTo?: number | undefined; albumId?: string | undefined }

function say(world: World, side: Side, content: Content, { replyTo, albumId }: Circumstances): StoredMessage {
  const chat = openChat(world, side)
  checkOpen(chat)
  if (!chat.started) world.chats.change(chat, { started: true })
  const replied = replyTo === undefined ? undefined : world.chats.message(chat, replyTo)
  const message = world.chats.add(chat, {
    date: unixTime(world.clock),
    from: 'person',
    content,
    replyTo: replied === undefined ? undefined : { id: replied.id },
    albumId,
  })
  pushUpdate(world, side, 'message', showMessage(world, side.bot, side.person, message), {
    lifetime: messageLifetime,
    queueId: side.person.id,
  })
  return message
}

/** The person presses a button with callback data. `isForgotten`: the server no longer has the message at hand. */
export function press(world: World, side: Side, messageId: number, data: string, isForgotten = false): string {
  const chat = openChat(world, side)
  const message = world.chats.message(chat, messageId)
  const rows = message?.markup?.kind === 'inline' ? message.markup.rows : []
  const hasButton = rows.flat().some((button) => button.callback_data === data)
  if (message === undefined || !hasButton) throw new PersonError(409, 'This button is not there any more.')
  const id = world.callbacks.ask(chat)
  const body = {
    id,
    from: personUser(side.person),
    message: isForgotten ? inaccessible(side.person, messageId) : showMessage(world, side.bot, side.person, message),
    chat_instance: String(BigInt(side.bot.id) * 1_000_003n + BigInt(side.person.id)),
    data,
  }
  const queueId = callbackQueue(side.person.id)
  pushUpdate(world, side, 'callback_query', body, { lifetime: callbackLifetime, queueId })
  return id
}

const inaccessible = (person: Person, id: number) => ({ chat: privateChat(person), message_id: id, date: 0 })

/** The person blocks or unblocks the bot, which the bot is told. */
export function setBlocked(world: World, side: Side, blocked: boolean): void {
  const chat = openChat(world, side)
  if (chat.blocked === blocked) return
  world.chats.change(chat, { blocked })
  const member = { user: botUser(side.bot), status: 'member' }
  const kicked = { user: botUser(side.bot), status: 'kicked', until_date: 0 }
  const body = {
    chat: privateChat(side.person),
    from: personUser(side.person),
    date: unixTime(world.clock),
    old_chat_member: blocked ? member : kicked,
    new_chat_member: blocked ? kicked : member,
  }
  const queueId = membershipQueue(side.person.id)
  pushUpdate(world, side, 'my_chat_member', body, { lifetime: messageLifetime, queueId })
}

/** The person deletes a message for both; the bot is not told. */
export function deleteForBoth(world: World, side: Side, messageId: number): void {
  const message = world.chats.message(openChat(world, side), messageId)
  if (message === undefined) throw new PersonError(404, 'This message is not there any more.')
  world.chats.remove(message)
}

type Delivery = { lifetime: number; queueId: number }

function pushUpdate({ updates, clock }: World, { bot }: Side, kind: string, body: object, delivery: Delivery): void {
  const expiresAt = unixTime(clock) + delivery.lifetime
  updates.push({ botId: bot.id, kind, body, expiresAt, queueId: delivery.queueId }, bot.allowedUpdates)
}
