import { message } from 'telegraf/filters'
import { type Feature } from './features.ts'
import { searchFor } from './storefront/search.ts'

/** What nobody else answered; listed last. Nothing a person sends is left without an answer. */
export const unknown: Feature = (features) => {
  features.command('cancel', (ctx) => ctx.say(ctx.texts.common.nothingToCancel))
  features.on(message('text'), async (ctx) => {
    const isCommand = ctx.message.text.startsWith('/')
    await (isCommand ? ctx.say(ctx.texts.common.unknownCommand) : searchFor(ctx, ctx.message.text))
  })
  features.on('message', (ctx) => ctx.say(ctx.texts.common.unaskedFile))
}
