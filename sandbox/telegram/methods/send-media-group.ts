import { type Message } from '../bot-api.ts'
import { newAlbumId } from '../messages.ts'
import { type Method } from '../world.ts'
import { readAlbum } from './input-media.ts'
import { checkMedia, contentOf } from './media.ts'
import { deliver, readEnvelope } from './sending.ts'

/** An album never has a keyboard: the server does not even read one. */
export const sendMediaGroup: Method = async (call) => {
  const album = readAlbum(call.params)
  const { target, fields } = readEnvelope(call)
  for (const media of album) checkMedia(call, media)
  const contents = []
  for (const media of album) contents.push(await contentOf(call, media))
  const albumId = newAlbumId()
  const envelope = { target, fields: { ...fields, markup: undefined } }
  return contents.map((content): Message => deliver(call, envelope, content, { albumId }))
}
