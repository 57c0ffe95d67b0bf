import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type TestContext } from 'node:test'
import { type World } from '../../sandbox/world.ts'
import { type Language } from '../../shared/texts/index.ts'
import { openBrowser, skip } from '../browser.ts'
import { story } from '../story.ts'
import { documentOf } from './document.ts'
import { paths } from './paths.ts'
import { type Step, Walk } from './walk.ts'

/** `npm run paths`: some minutes, and therefore no part of `npm test`. */
const document = fileURLToPath(new URL('../../docs/payment-paths.md', import.meta.url))

async function walkAll(world: World, t: TestContext, language: Language): Promise<readonly (readonly Step[])[]> {
  const locale = language === 'fr' ? 'fr-FR' : 'en-GB'
  const context = await openBrowser(t, { width: 1100, height: 1400, locale })
  const walked: (readonly Step[])[] = []
  for (const path of paths) {
    const walk = await Walk.begin(world, context, language)
    await path.walk(walk)
    world.nowPayments.faults.clear()
    t.diagnostic(`${language}: ${path.title}`)
    walked.push(walk.steps)
  }
  return walked
}

story(
  'every way a payment can go is walked in both languages, and written down as a buyer reads it',
  async (world, t) => {
    const fr = await walkAll(world, t, 'fr')
    const en = await walkAll(world, t, 'en')
    await writeFile(
      document,
      documentOf(paths.map((path, place) => ({ path, fr: fr[place] ?? [], en: en[place] ?? [] }))),
    )
  },
  { skip },
)
