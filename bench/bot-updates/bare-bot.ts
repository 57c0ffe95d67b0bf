import { Telegraf } from 'telegraf'
import { readGiven } from '../ask-bare.ts'

export type BareBot = { readonly apiRoot: string; readonly token: string }

/** What anybody would write with Telegraf in five minutes: an answer to each message, and nothing kept. */
const { apiRoot, token } = readGiven() as BareBot
const bot = new Telegraf(token, { telegram: { apiRoot } })
bot.on('message', (ctx) => ctx.reply('There is no such command.'))
void bot.launch(() => process.send?.('polling'))
