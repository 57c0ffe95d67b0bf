import { type ImageId } from '../domain/ids.ts'
import { type ImageCopy } from './images.ts'
import { type Queryable } from './pool.ts'

/** What the sender of a picture sent, which only the bucket keeps. */
export async function findSentOriginal(db: Queryable, id: ImageId): Promise<ImageCopy | undefined> {
  const { rows } = await db.query<ImageCopy>(
    `select original_key as "key", original_sha256 as "sha256", original_bytes as "sizeBytes"
       from images
      where id = $1
        and original_key is not null
        and original_sha256 is not null
        and original_bytes is not null`,
    [id],
  )
  return rows[0]
}

/** Cover and thumbnail were made again, both verified on both sides. */
export async function setCopies(
  db: Queryable,
  id: ImageId,
  { cover, thumb }: { readonly cover: ImageCopy; readonly thumb: ImageCopy },
): Promise<void> {
  await db.query(
    `update images
        set cover_key = $2, cover_sha256 = $3, cover_bytes = $4, thumb_key = $5, thumb_sha256 = $6, thumb_bytes = $7
      where id = $1
        and state in ('ready', 'missing')`,
    [id, cover.key, cover.sha256, cover.sizeBytes, thumb.key, thumb.sha256, thumb.sizeBytes],
  )
}
