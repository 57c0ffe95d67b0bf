import { readFile } from 'node:fs/promises'
import { escape, type Html } from '../../shared/telegram/html.ts'
import { asMessage, longestCaption, visibleLength } from '../../shared/telegram/text-length.ts'
import { buttonData } from './buttons.ts'
import { type BotContext } from './context.ts'
import { type Feature } from './features.ts'
import { button } from './keyboard.ts'

const commands = {
  help: ['help', 'aide'],
  support: ['support'],
  terms: ['terms'],
  privacy: ['privacy'],
  paysupport: ['paysupport'],
} as const

type Page = keyof typeof commands

/** The short answers: help, support, terms, privacy, and what to do about a payment. */
export const pages: Feature = (features) => {
  for (const [page, names] of Object.entries(commands) as [Page, readonly string[]][]) {
    features.command([...names], (ctx) => showPage(ctx, page))
  }
  features.press('page', (ctx, { page }) => showPage(ctx, page))
}

async function showPage(ctx: BotContext, page: Page): Promise<void> {
  const { pages: texts, common } = ctx.texts
  const text = (await operatorsText(ctx, page)) ?? texts[page]
  if (visibleLength(text) > longestCaption) {
    await ctx.say(asMessage(text))
    return
  }
  await ctx.show({
    at: buttonData('page', { page }),
    picture: 'home',
    text,
    keyboard: [
      page === 'support' ? [button(texts.paysupportTitle, 'page', { page: 'paysupport' })] : [],
      [button(common.home, 'home')],
    ],
  })
}

/** Terms and privacy may be the operator's own, from a file. */
async function operatorsText({ deps, person }: BotContext, page: Page): Promise<Html | undefined> {
  const path = page === 'terms' || page === 'privacy' ? deps.config.texts[page]?.[person.language] : undefined
  return path === undefined ? undefined : escape(await readFile(path, 'utf8'))
}
