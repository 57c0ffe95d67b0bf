import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ImageCopy } from '../../shared/db/images.ts'
import { type CopyDeps, replaceCopy } from './keep-copies.ts'
import { renderThumb } from './render-cover.ts'

/** A thumbnail from the cover it belongs to, which was verified on this disk just now. */
export async function remakeThumb(deps: CopyDeps, cover: ImageCopy, thumbKey: string): Promise<ImageCopy> {
  return replaceCopy(deps, thumbKey, await renderThumb(await readFile(join(deps.dataDir, cover.key))))
}
