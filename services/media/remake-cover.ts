import { findSentOriginal, setCopies } from '../../shared/db/image-originals.ts'
import { type Image } from '../../shared/db/images.ts'
import { type Database, inTransaction } from '../../shared/db/pool.ts'
import { recountBytesOf } from '../../shared/db/quotas.ts'
import { ObjectCorrupt, ObjectMissing } from '../../shared/storage/errors.ts'
import { type CopyDeps, replaceCopy } from './keep-copies.ts'
import { renderCover } from './render-cover.ts'

/** Cover and thumbnail from what the sender sent, while the bucket has that; false when it is lost as well. */
export async function remakeCover(deps: CopyDeps & { readonly db: Database }, image: Image): Promise<boolean> {
  const [cover, thumb] = image.copies
  const sent = await readOriginal(deps, image)
  if (cover === undefined || thumb === undefined || sent === undefined) return false
  const picture = await renderCover(sent)
  if (picture.kind === 'refused') return false
  const copies = {
    cover: await replaceCopy(deps, cover.key, picture.cover),
    thumb: await replaceCopy(deps, thumb.key, picture.thumb),
  }
  await inTransaction(deps.db, async (tx) => {
    await setCopies(tx, image.id, copies)
    await recountBytesOf(tx, image.productId) // another release of the library makes other bytes of the same picture
  })
  return true
}

async function readOriginal(
  { db, bucket }: CopyDeps & { readonly db: Database },
  { id }: Image,
): Promise<Buffer | undefined> {
  const original = await findSentOriginal(db, id)
  if (original === undefined) return undefined
  try {
    return await bucket.get(original.key, { sizeBytes: Number(original.sizeBytes), sha256: original.sha256 })
  } catch (error) {
    if (error instanceof ObjectMissing || error instanceof ObjectCorrupt) return undefined
    throw error
  }
}
