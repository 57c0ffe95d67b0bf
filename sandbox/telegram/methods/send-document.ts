import { badRequest } from '../errors.ts'
import { type Upload } from '../files.ts'
import { type Params } from '../params.ts'
import { type Method } from '../world.ts'
import { contentOf } from './media.ts'
import { captionOf, deliver, readEnvelope } from './sending.ts'

export const sendDocument: Method = async (call) => {
  const { params } = call
  const file = params.file('document')
  if (file === undefined) throw badRequest('There is no document in the request')
  const caption = captionOf(params)
  const envelope = readEnvelope(call)
  const content = await contentOf(call, { type: 'document', file, caption, thumbnail: thumbnailOf(params) })
  return deliver(call, envelope, content)
}

/** A thumbnail counts only when it is uploaded with the call. */
function thumbnailOf(params: Params): Upload | undefined {
  const input = params.file('thumbnail') ?? params.file('thumb')
  return input?.kind === 'upload' ? input.upload : undefined
}
