/** How a file that comes in parts stands: `completing` from the moment its parts are joined, `received` once it is a file. */
export type UploadState = 'open' | 'completing' | 'received' | 'aborted' | 'expired'

/** The ways an upload ends without a file. One whose parts are being joined is not stopped, only found unusable. */
export type Closing =
  | { readonly from: 'open'; readonly to: 'aborted' | 'expired' }
  | { readonly from: 'completing'; readonly to: 'aborted' }

export const mostUploadsADay = 10

const megabyte = 1024 * 1024
const usualPartBytes = 16 * megabyte
const mostParts = 10_000

/** 16 MB, or what it takes to stay within the number of parts a bucket accepts. */
export function partBytesFor(sizeBytes: bigint): number {
  const least = Number((sizeBytes + BigInt(mostParts) - 1n) / BigInt(mostParts))
  return Math.max(usualPartBytes, Math.ceil(least / megabyte) * megabyte)
}

export type Parted = { readonly sizeBytes: bigint; readonly partBytes: number }

export const partCount = ({ sizeBytes, partBytes }: Parted): number =>
  Number((sizeBytes + BigInt(partBytes) - 1n) / BigInt(partBytes))

/** How many bytes a part has: all the same, and the rest in the last one. */
export function bytesOfPart(upload: Parted, number: number): number {
  const isLast = number === partCount(upload)
  return isLast ? Number(upload.sizeBytes - BigInt(number - 1) * BigInt(upload.partBytes)) : upload.partBytes
}
