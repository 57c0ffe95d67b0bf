import { type Language, setLanguage } from '../../shared/db/users.ts'
import { textsFor } from '../../shared/texts/index.ts'
import { buttonData } from './buttons.ts'
import { type BotContext } from './context.ts'
import { type Feature } from './features.ts'
import { button } from './keyboard.ts'

const languages: readonly Language[] = ['fr', 'en']

/** The choice of language, which from then on is the person's own. */
export const chooseLanguage: Feature = (features) => {
  features.command(['language', 'langue'], showLanguages)
  features.press('languages', showLanguages)
  features.press('language', async (ctx, { language }) => {
    await setLanguage(ctx.deps.db, ctx.person.id, language)
    const texts = textsFor(language, ctx.deps.config.timeZone)
    Object.assign(ctx, { texts, person: { ...ctx.person, language } })
    await ctx.toast(ctx.texts.common.languageChosen)
    await ctx.go('home')
  })
}

async function showLanguages(ctx: BotContext): Promise<void> {
  const { common } = ctx.texts
  await ctx.show({
    at: buttonData('languages'),
    picture: 'home',
    text: common.chooseLanguage,
    keyboard: [
      languages.map((language) => button(textsFor(language).common.languageName, 'language', { language })),
      [button(common.home, 'home')],
    ],
  })
}
