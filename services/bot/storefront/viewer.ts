import { type BotContext } from '../context.ts'
import { type Viewer } from './product-card.ts'

/** The person of this context, looking at a product now. */
export const viewerOf = ({ person, texts, deps }: BotContext): Viewer => ({
  person,
  texts,
  botUsername: deps.bot.username,
  now: new Date(),
})
