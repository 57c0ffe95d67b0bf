import { type FormattedText } from '../entities.ts'
import { badRequest } from '../errors.ts'
import { type Upload } from '../files.ts'
import { type Content } from '../messages.ts'
import { type FileInput } from '../params.ts'
import { type Call } from '../world.ts'

/** A picture or file a bot wants to show. */
export type Media = {
  type: 'photo' | 'document'
  file: FileInput
  caption: FormattedText
  thumbnail?: Upload | undefined
  isAbove?: boolean
  isHidden?: boolean
}

/** Refuses a known file id that cannot be used, before anything is kept. */
export function checkMedia({ world, bot }: Call, { type, file }: Media): void {
  if (file.kind === 'id') world.files.reuse(bot.id, file.fileId, type)
}

/** Keeps what was uploaded, or takes what the file id stands for. */
export async function contentOf(call: Call, media: Media): Promise<Content> {
  const { caption, isAbove = false, isHidden = false } = media
  if (media.type === 'photo')
    return { kind: 'photo', photo: await photoOf(call, media.file), caption, isAbove, isHidden }
  return { kind: 'document', document: await documentOf(call, media), caption }
}

async function photoOf({ world, bot }: Call, file: FileInput) {
  if (file.kind === 'upload') return world.files.addPhoto(bot.id, file.upload, 'bot')
  const { photo } = world.files.reuse(bot.id, file.fileId, 'photo')
  if (photo === undefined) throw badRequest('Wrong file identifier/HTTP URL specified')
  return photo
}

async function documentOf({ world, bot }: Call, { file, thumbnail }: Media) {
  if (file.kind === 'upload') return world.files.addDocument(bot.id, file.upload, 'bot', thumbnail)
  const { document } = world.files.reuse(bot.id, file.fileId, 'document')
  if (document === undefined) throw badRequest('Wrong file identifier/HTTP URL specified')
  return document
}
