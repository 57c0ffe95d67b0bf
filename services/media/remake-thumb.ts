import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ImageCopy } from '../../shared/db/images.ts'
import { type CopyDeps, replaceCopy } from './keep-copies.ts'

const side = 512

/** A thumbnail from the cover it belongs to, which was verified on this disk just now. */
export async function remakeThumb(deps: CopyDeps, cover: ImageCopy, thumbKey: string): Promise<ImageCopy> {
  const { default: sharp } = await import('sharp')
  const bytes = await readFile(join(deps.dataDir, cover.key))
  const picture = sharp(bytes, { limitInputPixels: 50_000_000, failOn: 'error' })
  return replaceCopy(
    deps,
    thumbKey,
    await picture.resize(side, side, { fit: 'cover' }).jpeg({ quality: 85 }).toBuffer(),
  )
}
