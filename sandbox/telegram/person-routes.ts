import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import { viewMessage, viewMessages } from './chat-view.ts'
import { menuButtonFor } from './methods/menu-button.ts'
import { commandsFor } from './methods/my-commands.ts'
import { botUser } from './bots.ts'
import { deleteForBoth, openChat, PersonError, press, sendFiles, sendText, setBlocked, type Side } from './person.ts'
import { streamEvents } from './person-events.ts'
import { discardFiles, maxUploadBytesOfPerson, readForm } from './uploads.ts'
import { type World } from './world.ts'

export type PersonDeps = { world: World; uploadFolder: string }

const newPerson = z.object({
  first_name: z.string().trim().min(1).max(64),
  last_name: z.string().trim().min(1).max(64).optional(),
  username: z
    .string()
    .regex(/^\w{3,32}$/)
    .optional(),
  language_code: z
    .string()
    .regex(/^[a-z]{2}$/)
    .optional(),
})
const newText = z.object({ text: z.string(), reply_to_message_id: z.number().int().positive().optional() })
const newParcel = z.object({
  kind: z.enum(['photo', 'document']).default('document'),
  caption: z.string().default(''),
  reply_to_message_id: z.coerce.number().int().positive().optional(),
})
const newPress = z.object({ message_id: z.number().int(), data: z.string() })
const chatParams = z.object({ person: z.coerce.number().int(), bot: z.coerce.number().int() })
const messageParams = z.object({ id: z.coerce.number().int() })

const chatPath = '/person/chats/:person/:bot'

/** What the chat page asks for: people, bots, chats, and what a person can do in one. */
export function personRoutes(app: FastifyInstance, deps: PersonDeps): void {
  const { world } = deps
  app.get('/person/bots', () =>
    world.bots.list().map((bot) => ({ ...botUser(bot), commands: bot.commands['default']?.[''] ?? [] })),
  )
  app.get('/person/people', () => world.people.list())
  app.get('/person/links', () => world.links)
  app.post('/person/people', (request, reply) => reply.code(201).send(world.people.add(newPerson.parse(request.body))))
  app.get(chatPath, (request) => showChat(world, sideOf(world, request)))
  app.get('/person/events/:person/:bot', (request, reply) => {
    streamEvents(world, sideOf(world, request), reply)
  })
  app.get('/person/files/:fileId', (request, reply) => showFile(world, request, reply))
  actionRoutes(app, deps)
}

function actionRoutes(app: FastifyInstance, { world, uploadFolder }: PersonDeps): void {
  app.post(`${chatPath}/messages`, (request, reply) => {
    const { text, reply_to_message_id: replyTo } = newText.parse(request.body)
    return reply.code(201).send(viewMessage(world, sendText(world, sideOf(world, request), text, replyTo)))
  })
  app.post(`${chatPath}/files`, async (request, reply) => {
    const messages = await sendUploaded(world, request, uploadFolder)
    return reply.code(201).send(messages.map((message) => viewMessage(world, message)))
  })
  app.post(`${chatPath}/press`, (request, reply) => {
    const { message_id: messageId, data } = newPress.parse(request.body)
    return reply.code(202).send({ callback_query_id: press(world, sideOf(world, request), messageId, data) })
  })
  for (const action of ['block', 'unblock']) {
    app.post(`${chatPath}/${action}`, (request) => {
      const side = sideOf(world, request)
      setBlocked(world, side, action === 'block')
      return showChat(world, side)
    })
  }
  app.delete(`${chatPath}/messages/:id`, (request, reply) => {
    deleteForBoth(world, sideOf(world, request), messageParams.parse(request.params).id)
    return reply.code(204).send()
  })
}

function sideOf(world: World, request: FastifyRequest): Side {
  const ids = chatParams.parse(request.params)
  const person = world.people.find(ids.person)
  const bot = world.bots.findById(ids.bot)
  if (person === undefined || bot === undefined) throw new PersonError(404, 'There is no such person or bot.')
  return { person, bot }
}

function showChat(world: World, side: Side) {
  const chat = openChat(world, side)
  return {
    person: side.person,
    bot: botUser(side.bot),
    blocked: chat.blocked,
    started: chat.started,
    messages: viewMessages(world, chat),
    commands: commandsFor(side.bot, side.person),
    menu_button: menuButtonFor(side.bot, String(side.person.id)),
    typing: world.chats.actionAt(chat, world.clock.now()),
  }
}

async function sendUploaded(world: World, request: FastifyRequest, folder: string) {
  const side = sideOf(world, request)
  const form = await readForm(request, folder, maxUploadBytesOfPerson)
  if (form === undefined) throw new PersonError(415, 'A file is sent as multipart/form-data.')
  try {
    const { kind, caption, reply_to_message_id: replyTo } = newParcel.parse(Object.fromEntries(form.fields))
    const uploads = [...form.files.values()]
    if (uploads.length === 0) throw new PersonError(400, 'The file is missing.')
    return await sendFiles(world, side, { kind, caption, replyTo, uploads })
  } finally {
    await discardFiles(form.files)
  }
}

const inlineTypes = ['image/jpeg', 'image/png', 'image/webp', 'image/gif']

function showFile(world: World, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { fileId } = z.object({ fileId: z.string() }).parse(request.params)
  const { download } = z.object({ download: z.string().optional() }).parse(request.query)
  const record = world.files.findForPerson(fileId)
  if (record === undefined) throw new PersonError(404, 'There is no such file.')
  const isInline = download === undefined && inlineTypes.includes(record.mediaType)
  const name = record.name ?? 'photo.jpg'
  const plainName = name.replace(/[^\x20-\x7e]|["\\]/g, '_')
  const disposition = `${isInline ? 'inline' : 'attachment'}; filename="${plainName}"`
  return reply
    .type(record.mediaType)
    .header('content-length', record.size)
    .header('content-disposition', `${disposition}; filename*=UTF-8''${encodeName(name)}`)
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('cache-control', 'private, max-age=3600')
    .send(world.files.stream(record))
}

const encodeName = (name: string) =>
  encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
