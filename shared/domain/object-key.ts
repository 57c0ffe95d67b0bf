import { type FileId, type ImageId, type ProductId } from './ids.ts'

/** Keys are made of random ids alone, never of anything a person typed. */
export const originalKey = (product: ProductId, file: FileId): string => `originals/${product}/${file}`

const imageNames = ['original', 'cover.jpg', 'thumb.jpg'] as const

export const imageKey = (product: ProductId, image: ImageId, name: (typeof imageNames)[number]): string =>
  `images/${product}/${image}/${name}`

/** Whatever may have been stored for a picture, recorded or not. */
export const imageObjects = (product: ProductId, image: ImageId): { objectKey: string }[] =>
  imageNames.map((name) => ({ objectKey: imageKey(product, image, name) }))
