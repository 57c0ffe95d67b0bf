import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type AddressInfo } from 'node:net'
import { runReply } from './bot-api-routes.ts'
import { type Bot, type BotOptions, Bots } from './bots.ts'
import { Callbacks } from './callbacks.ts'
import { Chats } from './chats.ts'
import { type Clock, systemClock } from './clock.ts'
import { Dispatch } from './dispatch.ts'
import { BotApiError } from './errors.ts'
import { Faults } from './faults.ts'
import { Files } from './files.ts'
import { buildHttpServer } from './http-server.ts'
import { Journal } from './journal.ts'
import { type NewPerson, People } from './people.ts'
import { PersonClient } from './person-client.ts'
import { Transcript } from './transcript.ts'
import { Updates } from './updates.ts'
import { type SideLink, type World } from './world.ts'

export type TelegramEmulatorOptions = {
  bots: readonly BotOptions[]
  /** 0, the default, takes any free port. */
  port?: number
  host?: string
  /** Chats and files live here and survive a restart; without it everything is gone at the end. */
  dataDir?: string
  /** Every Bot API request is appended here as a JSON line. */
  transcriptPath?: string
  /** Accepts tokens of bots nobody announced. */
  allowAnyToken?: boolean
  webDir?: string
  clock?: Clock
}

/** A running emulator of Telegram: the Bot API for bots, and people for tests. */
export type TelegramEmulator = {
  readonly url: string
  readonly port: number
  readonly faults: Faults
  readonly transcript: Transcript
  readonly world: World
  addBot(bot: BotOptions): void
  /** Offers another page of the sandbox on the chat page. */
  addLink(link: SideLink): void
  /** A new person in the chat with the first bot, or with the one of that token. */
  addPerson(person: NewPerson, token?: string): PersonClient
  /** The bytes of a file, by any of its ids. */
  fileBytes(fileId: string): Promise<Buffer>
  close(): Promise<void>
}

/** Starts the emulator. Nothing is reachable from outside the machine unless `host` says so. */
export async function startTelegramEmulator(options: TelegramEmulatorOptions): Promise<TelegramEmulator> {
  const { dataDir, port = 0, host = '127.0.0.1', webDir = path.join(import.meta.dirname, 'web') } = options
  const folder = dataDir ?? mkdtempSync(path.join(tmpdir(), 'telegram-emulator-'))
  const uploadFolder = freshFolder(path.join(folder, 'uploads'))
  const journal = new Journal(dataDir === undefined ? undefined : path.join(dataDir, 'telegram.jsonl'))
  const world = createWorld(journal, folder, options)
  const faults = new Faults(world.clock)
  const transcript = new Transcript(options.transcriptPath)
  const app = await buildHttpServer({ world, faults, transcript, uploadFolder }, webDir)
  await app.listen({ port, host })
  for (const bot of world.bots.list()) world.dispatch.applyWebhook(bot)
  const { port: bound } = app.server.address() as AddressInfo
  let closing: Promise<void> | undefined

  return {
    url: `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${bound}`,
    port: bound,
    faults,
    transcript,
    world,
    addBot: (bot) => void world.bots.add(bot),
    addLink: (link) => void world.links.push(link),
    addPerson: (person, token) => {
      const bot = findBot(world, token)
      return new PersonClient(world, { person: world.people.add(person), bot }, uploadFolder)
    },
    fileBytes: (fileId) => readBytes(world, fileId),
    close: () => (closing ??= close()),
  }

  async function close(): Promise<void> {
    world.dispatch.close()
    await app.close()
    transcript.close()
    journal.close()
    if (dataDir === undefined) rmSync(folder, { recursive: true, force: true })
  }
}

function createWorld(journal: Journal, folder: string, options: TelegramEmulatorOptions): World {
  const clock = options.clock ?? systemClock
  const updates = new Updates(journal, clock)
  const world: World = {
    clock,
    bots: new Bots(journal, options.bots, options.allowAnyToken ?? false),
    people: new People(journal),
    chats: new Chats(journal),
    files: new Files(folder, journal),
    updates,
    callbacks: new Callbacks(clock),
    dispatch: new Dispatch(updates, clock),
    links: [],
  }
  world.dispatch.onReply((bot, { method, values }) => {
    runReply(world, bot, method, values).catch((cause: unknown) => {
      if (!(cause instanceof BotApiError)) throw cause // refusals are lost too, as on the server
    })
  })
  return world
}

/** Uploads nobody took before the last stop are of no use. */
function freshFolder(folder: string): string {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return folder
}

function findBot(world: World, token: string | undefined): Bot {
  const bot = token === undefined ? world.bots.list()[0] : world.bots.findByToken(token)
  if (bot === undefined) throw new Error('Expected a bot, the emulator has none with this token')
  return bot
}

async function readBytes({ files }: World, fileId: string): Promise<Buffer> {
  const record = files.findForPerson(fileId)
  if (record === undefined) throw new Error(`Expected a known file id, got ${fileId}`)
  return files.read(record)
}
