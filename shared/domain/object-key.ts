import { type FileId, type ImageId, type ProductId } from './ids.ts'

/** Keys are made of random ids alone, never of anything a person typed. */
export const originalKey = (product: ProductId, file: FileId): string => `originals/${product}/${file}`

export const imageKey = (product: ProductId, image: ImageId, name: 'original' | 'cover.jpg' | 'thumb.jpg'): string =>
  `images/${product}/${image}/${name}`
