import { readCaption } from '../entities.ts'
import { badRequest } from '../errors.ts'
import { isObject, optionalFlag, optionalText, parsing, requiredText, ShapeError } from '../json.ts'
import { type Params } from '../params.ts'
import { type Media } from './media.ts'

/** The `media` of editMessageMedia. */
export function readInputMedia(params: Params): Media {
  params.requiredText('media')
  const value = params.json('media', 'input media')
  return parsing('InputMedia', () => readOne(params, value, false))
}

/** The `media` of sendMediaGroup: 2 to 10 pictures, or 2 to 10 documents. */
export function readAlbum(params: Params): Media[] {
  params.requiredText('media')
  const value = params.json('media', 'media')
  if (!Array.isArray(value)) throw badRequest('Expected an Array of InputMedia')
  const album = value.map((item: unknown) => parsing('InputMedia', () => readOne(params, item, true)))
  if (album.length < 2) throw badRequest('Too few messages to send as an album')
  if (album.length > 10) throw badRequest('Too many messages to send as an album')
  if (new Set(album.map(({ type }) => type)).size > 1) {
    throw badRequest("Can't use the media of the specified type in the album")
  }
  return album
}

const notEmulated = ['video', 'audio', 'animation', 'live_photo']

function readOne(params: Params, value: unknown, isAlbum: boolean): Media {
  if (!isObject(value)) throw new ShapeError('expected an Object')
  const parseMode = optionalText(value, 'parse_mode')
  const caption = readCaption({ text: optionalText(value, 'caption'), parseMode, entities: value['caption_entities'] })
  const type = requiredText(value, 'type')
  const file = params.fileFrom(optionalText(value, 'media'))
  if (file === undefined) throw new ShapeError('media not found')
  if (isAlbum && type === 'animation') throw new ShapeError('type "animation" can\'t be used in sendMediaGroup')
  if (notEmulated.includes(type)) throw badRequest(`media of type ${type} is not emulated`)
  if (type !== 'photo' && type !== 'document') throw new ShapeError(`type "${type}" is unsupported`)
  const thumbnail = params.fileFrom(optionalText(value, 'thumbnail') || optionalText(value, 'thumb'))
  return {
    type,
    file,
    caption,
    thumbnail: thumbnail?.kind === 'upload' ? thumbnail.upload : undefined,
    isAbove: optionalFlag(value, 'show_caption_above_media'),
    isHidden: optionalFlag(value, 'has_spoiler'),
  }
}
