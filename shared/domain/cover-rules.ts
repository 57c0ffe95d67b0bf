import { type CoverRefusal } from './notice.ts'

/** What a cover may be, before anything of it is decoded. */
export const coverLimits = {
  mostBytes: 5 * 1024 * 1024,
  leastSide: 200,
  mostSide: 10_000,
  mostPixels: 50_000_000,
  /** How many times longer one side may be than the other. */
  mostRatio: 10,
} as const

export type PictureSize = { readonly width: number; readonly height: number }

/** What speaks against the size of a file. */
export function refuseBytes(sizeBytes: bigint): CoverRefusal | undefined {
  if (sizeBytes <= 0n) return 'empty'
  return sizeBytes > BigInt(coverLimits.mostBytes) ? 'too many bytes' : undefined
}

/** What speaks against the size of a picture. */
export function refuseSize({ width, height }: PictureSize): CoverRefusal | undefined {
  const [short, long] = [Math.min(width, height), Math.max(width, height)]
  if (long > coverLimits.mostSide || width * height > coverLimits.mostPixels) return 'too large'
  if (short < coverLimits.leastSide) return 'too small'
  return long > short * coverLimits.mostRatio ? 'too narrow' : undefined
}

/** By its name; what it really is, is looked at before it is shown. */
export const isPictureName = (fileName: string): boolean => /\.(?:jpe?g|png|webp)$/i.test(fileName)
