import { type FastifyReply } from 'fastify'
import { viewEvent } from './chat-view.ts'
import { openChat, type Side } from './person.ts'
import { type World } from './world.ts'

const heartbeatMs = 15_000
const maxUnreadBytes = 1024 * 1024

/** Server-sent events of one chat, until the page goes away. */
export function streamEvents(world: World, side: Side, reply: FastifyReply): void {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-accel-buffering': 'no',
  })
  const write = (text: string) => {
    if (raw.writableLength > maxUnreadBytes) raw.destroy()
    else raw.write(text)
  }
  write(': connected\n\n')
  const stopListening = world.chats.listen(openChat(world, side), (event) => {
    write(`data: ${JSON.stringify(viewEvent(world, side, event))}\n\n`)
  })
  const heartbeat = setInterval(() => {
    write(': still here\n\n')
  }, heartbeatMs)
  raw.once('close', () => {
    clearInterval(heartbeat)
    stopListening()
  })
}
