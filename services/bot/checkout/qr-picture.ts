const quietZone = 4
const smallestPixels = 512

/** A PNG of at least 512 px. The same text always gives the same bytes, so that a redrawn message is not a new picture. */
export async function qrPicture(text: string): Promise<Buffer> {
  const { create, toBuffer } = await import('qrcode')
  const modules = create(text, { errorCorrectionLevel: 'M' }).modules.size + 2 * quietZone
  // Whole pixels per module: a scaled code has blurred edges.
  const scale = Math.ceil(smallestPixels / modules)
  return toBuffer(text, { type: 'png', errorCorrectionLevel: 'M', margin: quietZone, scale })
}
