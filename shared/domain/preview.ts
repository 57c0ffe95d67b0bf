/** What may be seen of a file before it is bought. Sizes fit a number: no file is larger than ten gigabytes. */
export type Preview =
  | {
      readonly kind: 'picture'
      readonly key: string
      readonly sha256: string
      readonly sizeBytes: number
      readonly width: number
      readonly height: number
    }
  | { readonly kind: 'list'; readonly entries: readonly PreviewEntry[]; readonly more: number }

export type PreviewEntry = { readonly name: string; readonly sizeBytes: number }

/** The key of the preview of an original: it comes and goes with it. */
export const previewKey = (originalKey: string): string => originalKey.replace(/^originals\//, 'previews/')
