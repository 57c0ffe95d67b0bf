import { badRequest } from '../errors.ts'
import { type Method } from '../world.ts'
import { contentOf, type Media } from './media.ts'
import { captionOf, deliver, readEnvelope } from './sending.ts'

export const sendPhoto: Method = async (call) => {
  const { params } = call
  const file = params.file('photo')
  if (file === undefined) throw badRequest('There is no photo in the request')
  const media: Media = {
    type: 'photo',
    file,
    caption: captionOf(params),
    isAbove: params.flag('show_caption_above_media'),
    isHidden: params.flag('has_spoiler'),
  }
  const envelope = readEnvelope(call)
  return deliver(call, envelope, await contentOf(call, media))
}
