import { writeFile } from 'node:fs/promises'
import { type BrowserContext, type Page } from 'playwright-core'

const margin = 48
const gap = 40

/**
 * The picture at the top of the README: three moments of a purchase side by side. It is drawn only when PICTURE names
 * the file, as `npm run picture` does; a test run takes no pictures.
 */
export class Album {
  readonly #path: string | undefined
  readonly #shots = new Map<string, string>()

  private constructor(path: string | undefined) {
    this.#path = path
  }

  static readonly none = new Album(undefined)

  static wanted(): Album {
    return new Album(process.env['PICTURE'])
  }

  /** Pictures are drawn with twice the dots. */
  get scale(): number {
    return this.#path === undefined ? 1 : 2
  }

  /** Takes what the page shows, once everything on it has loaded. */
  async take(page: Page, moment: string): Promise<void> {
    if (this.#path === undefined) return
    await page.locator('.toast').last().waitFor({ state: 'detached' })
    await page.mouse.move(0, 0)
    await page.evaluate('document.fonts.ready.then(() => undefined)')
    this.#shots.set(moment, (await page.screenshot()).toString('base64'))
  }

  async save(context: BrowserContext): Promise<void> {
    if (this.#path === undefined) return
    const page = await context.newPage()
    const width = 390 * this.#shots.size + gap * (this.#shots.size - 1) + 2 * margin
    await page.setViewportSize({ width, height: 844 + 2 * margin })
    await page.setContent(sheet([...this.#shots.values()]))
    await writeFile(this.#path, await smaller(await page.screenshot()))
    await page.close()
  }
}

/** A third of the bytes, and no difference to the eye. */
async function smaller(png: Buffer): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  return sharp(png).resize({ width: 2000 }).png({ palette: true, quality: 92, effort: 10 }).toBuffer()
}

const sheet = (shots: readonly string[]): string => `<!doctype html>
<style>
  body { margin: 0; padding: ${margin}px; display: flex; gap: ${gap}px; background: linear-gradient(120deg, #dff3ec, #e3ebfb 55%, #efe5fa) }
  img { display: block; width: 390px; height: 844px; border-radius: 34px; box-shadow: 0 0 0 7px #10202c, 0 22px 50px rgb(16 32 44 / 28%) }
</style>
${shots.map((shot) => `<img src="data:image/png;base64,${shot}">`).join('\n')}`
