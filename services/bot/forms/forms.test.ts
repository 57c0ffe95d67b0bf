import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { z } from 'zod'
import { aRunningBot } from '../../../shared/testing/a-bot.ts'
import {
  answerTo,
  ask,
  forgePress,
  labelsOf,
  offers,
  pressLabel,
  says,
  textOf,
  toastOf,
  untilHandled,
} from '../../../shared/testing/a-chat.ts'
import { findConversation } from '../../../shared/db/conversations.ts'
import { updatesChannel } from '../../../shared/db/telegram-updates.ts'
import { personId } from '../../../shared/domain/ids.ts'
import { escape } from '../../../shared/telegram/html.ts'
import { buttonData } from '../buttons.ts'
import { type Feature } from '../features.ts'
import { chooseLanguage } from '../languages.ts'
import { pages } from '../pages.ts'
import { presses } from '../presses.ts'
import { start } from '../start.ts'
import { browse } from '../storefront/browse.ts'
import { search } from '../storefront/search.ts'
import { unknown } from '../unknown.ts'
import { defineForm, end, go, refuse } from './define-form.ts'
import { forms } from './forms.ts'
import { startForm } from './start-form.ts'

const asked = z.object({ name: z.string().optional() })

/** Asks for a name, then for a colour; what was answered is kept in a table of its own. */
const order = defineForm<z.infer<typeof asked>>({
  name: 'product',
  ttlHours: 24,
  data: asked,
  leave: () => buttonData('languages'),
  steps: {
    name: {
      number: 1,
      ask: () => ({ text: escape('What is its name?') }),
      text: async ({ ctx, tx }, name) => {
        if (name.length < 3) return refuse(ctx.texts.forms.tooShort(name.length, 3))
        await tx.query(`insert into kept (what) values ($1)`, [name])
        return go('colour', { name })
      },
    },
    colour: {
      number: 2,
      back: () => 'name',
      ask: (_, { name = '' }) => ({
        text: escape(`Which colour has ${name}?`),
        keys: [[{ text: 'Red', choice: 'red' }]],
      }),
      pick: async ({ tx }, colour) => {
        await tx.query(`insert into kept (what) values ($1)`, [colour])
        return end(buttonData('categories'))
      },
    },
  },
})

const other = defineForm({ ...order, name: 'editProduct' })

const orders: Feature = (features) => {
  features.command('order', (ctx) => startForm(ctx, order, { step: 'name', data: {} }))
  features.command('other', (ctx) => startForm(ctx, other, { step: 'name', data: {} }))
}

const parts = [forms([order, other]), presses, start, orders, browse, search, chooseLanguage, pages, unknown]

async function aShop(t: TestContext) {
  const scene = await aRunningBot(t, parts)
  const { deps, emulator } = scene
  await deps.db.query(`create table kept (what text not null)`)
  const ada = emulator.addPerson({ first_name: 'Ada', language_code: 'en' })
  const kept = async () => {
    const { rows } = await deps.db.query<{ what: string }>(`select what from kept`)
    return rows.map(({ what }) => what)
  }
  const row = () => findConversation(deps.db, { botId: deps.bot.id, person: personId(ada.id) })
  return { scene, db: deps.db, ada, kept, row }
}

test('a form asks one thing after the other, refuses what breaks the rule, and ends where it says', async (t) => {
  const { ada, db, kept } = await aShop(t)
  const first = await ask(ada, '/order', 'What is its name?')
  assert.match(textOf(first), /Your product · 1\/2/)
  assert.deepEqual(labelsOf(first), ['‹ Back', 'Cancel'])
  const refused = await ask(ada, 'ab', 'What is its name?')
  assert.match(textOf(refused), /short: 2 character/)
  await ask(ada, 'Abacus', 'Which colour has Abacus?', '2/2')
  await untilHandled(db)
  assert.equal(ada.chat().messages.filter((message) => offers('Cancel')(message)).length, 1)
  await pressLabel(ada, 'Red')
  await ada.waitForMessage(offers('Home'))
  assert.deepEqual(await kept(), ['Abacus', 'red'])
})

test('what is no answer to a step is told what is, and the step stays', async (t) => {
  const { ada, row } = await aShop(t)
  await ask(ada, '/order', 'What is its name?')
  const photo = await ada.sendFile({ name: 'a.pdf', bytes: Buffer.from('%PDF-1.4') })
  await ada.waitForMessage((message) => message.message_id > photo.message_id && says('written answer')(message))
  await ask(ada, 'Abacus', 'Which colour')
  await ask(ada, 'Blue', 'one of the buttons')
  assert.equal((await row())?.step, 'colour')
})

test('Back goes to the question before, and from the first one out of the form', async (t) => {
  const { ada, db, row } = await aShop(t)
  await ask(ada, '/order', 'What is its name?')
  await ask(ada, 'Abacus', 'Which colour')
  await untilHandled(db)
  await pressLabel(ada, 'Back')
  await ada.waitForMessage((message) => says('What is its name?')(message) && offers('Cancel')(message))
  await pressLabel(ada, 'Back')
  await ada.waitForMessage(offers('English'))
  assert.equal((await row())?.state, 'ended')
})

test('leaving a form with its button or with /cancel says so, and free text is a search again', async (t) => {
  const { ada, kept } = await aShop(t)
  await ask(ada, '/order', 'What is its name?')
  const toast = await toastOf(ada, await pressLabel(ada, 'Cancel'))
  assert.match(toast.text ?? '', /Cancelled/)
  await ask(ada, 'Abacus', 'Nothing found')
  await ask(ada, '/order', 'What is its name?')
  await ask(ada, '/cancel', 'Cancelled')
  await ask(ada, '/cancel', 'nothing to cancel')
  assert.deepEqual(await kept(), [])
})

test('a command during a form does its work, keeps the form, and lets it be continued', async (t) => {
  const { ada, row } = await aShop(t)
  await ask(ada, '/order', 'What is its name?')
  await ask(ada, 'Abacus', 'Which colour')
  await ask(ada, '/start', 'Your product', 'is kept')
  const home = await ada.waitForMessage(offers('Browse'))
  await ask(ada, 'something', 'Nothing found')
  await pressLabel(ada, 'Continue')
  await ada.waitForMessage(
    (message) => message.message_id > home.message_id && says('Which colour has Abacus?')(message),
  )
  assert.equal((await row())?.state, 'live')
  await ask(ada, '/nonsense', 'is kept')
  await ask(ada, '/start', 'Welcome')
  await pressLabel(ada, 'Continue my form')
  await ada.waitForMessage((message) => says('Which colour has Abacus?')(message) && offers('Cancel')(message))
})

test('a form that was discarded is over, and its old buttons do nothing to the next one', async (t) => {
  const { scene, ada, row } = await aShop(t)
  await ask(ada, '/order', 'What is its name?')
  const offer = await ask(ada, '/start', 'is kept')
  const discard = offer.keyboard?.flat().find(({ text }) => text === 'Discard')?.data ?? ''
  assert.match((await toastOf(ada, ada.press(offer.message_id, discard))).text ?? '', /Cancelled/)
  assert.equal((await row())?.state, 'ended')
  await ask(ada, '/order', 'What is its name?')
  assert.match(answerTo(scene, await forgePress(scene, ada, discard)), /updated/)
  assert.equal((await row())?.state, 'live')
})

test('a second form waits until the first is continued or discarded', async (t) => {
  const { ada, db, row } = await aShop(t)
  await ask(ada, '/order', 'What is its name?')
  await ask(ada, 'Abacus', 'Which colour')
  await ask(ada, '/other', 'Your product', 'is kept')
  await untilHandled(db)
  assert.equal(ada.chat().messages.filter(says('is kept')).length, 1)
  assert.equal((await row())?.form, 'product')
  await pressLabel(ada, 'Discard')
  await ask(ada, '/other', 'What is its name?')
  assert.equal((await row())?.form, 'editProduct')
})

test('of two answers at once the second is told to try again, and of two taps as well', async (t) => {
  const { ada, kept, row } = await aShop(t)
  await ask(ada, '/order', 'What is its name?')
  ada.send('Abacus')
  await ask(ada, 'Broom', 'just updated')
  const prompt = await ada.waitForMessage(offers('Red'))
  const red = prompt.keyboard?.flat().find(({ text }) => text === 'Red')?.data ?? ''
  const [first, second] = [ada.press(prompt.message_id, red), ada.press(prompt.message_id, red)]
  await toastOf(ada, first)
  assert.match((await toastOf(ada, second)).text ?? '', /updated/)
  assert.deepEqual(await kept(), ['Abacus', 'red'])
  assert.equal((await row())?.state, 'ended')
})

test('an answer that is handled again after a crash skips no step and is kept once', async (t) => {
  const { ada, db, kept, row } = await aShop(t)
  const again = async () => {
    await untilHandled(db)
    await db.query(`update telegram_updates set handled_at = null, holder = null, next_try_at = now()
                     where update_id = (select max(update_id) from telegram_updates)`)
    await db.query(`select pg_notify($1, '')`, [updatesChannel])
    await untilHandled(db)
  }
  await ask(ada, '/order', 'What is its name?')
  await again()
  await ask(ada, 'Abacus', 'Which colour')
  await again()
  assert.equal((await row())?.step, 'colour')
  await toastOf(ada, await pressLabel(ada, 'Red'))
  await again()
  await ask(ada, '/order', 'What is its name?')
  await ask(ada, '/cancel', 'Cancelled')
  await again()
  assert.deepEqual(await kept(), ['Abacus', 'red'])
  assert.equal((await row())?.state, 'ended')
})

test('a form goes on at the same step after a restart', async (t) => {
  const { scene, ada, kept } = await aShop(t)
  await ask(ada, '/order', 'What is its name?')
  await scene.restart()
  await ask(ada, 'Abacus', 'Which colour has Abacus?')
  await scene.restart()
  await toastOf(ada, await pressLabel(ada, 'Red'))
  await untilHandled(scene.deps.db)
  assert.deepEqual(await kept(), ['Abacus', 'red'])
})

test('an answer after the time of a form hears that it expired, and a command says so and does its work', async (t) => {
  const { ada, db, kept } = await aShop(t)
  const expire = () => db.query(`update conversations set expires_at = now() - interval '1 minute'`)
  await ask(ada, '/order', 'What is its name?')
  await expire()
  await ask(ada, 'Abacus', 'expired', 'Start again')
  await ask(ada, 'Abacus', 'Nothing found')
  const prompt = await ask(ada, '/order', 'What is its name?')
  await expire()
  ada.press(prompt.message_id, prompt.keyboard?.flat()[0]?.data ?? '')
  await ada.waitForMessage((message) => message.message_id > prompt.message_id && says('expired')(message))
  await ask(ada, '/order', 'What is its name?')
  await expire()
  await ask(ada, '/start', 'expired')
  await ada.waitForMessage(offers('Browse'))
  assert.deepEqual(await kept(), [])
})

test('a form whose steps a newer release no longer knows expires instead of failing', async (t) => {
  const { ada, db } = await aShop(t)
  await ask(ada, '/order', 'What is its name?')
  await db.query(`update conversations set step = 'constructor'`)
  await ask(ada, 'Abacus', 'expired')
  await ask(ada, '/order', 'What is its name?')
  await db.query(`update conversations set data = '{"name": 7}'`)
  await ask(ada, 'Abacus', 'expired')
})

test('the buttons of somebody else’s form do nothing to it', async (t) => {
  const { scene, ada, row } = await aShop(t)
  const prompt = await ask(ada, '/order', 'What is its name?')
  const bob = scene.emulator.addPerson({ first_name: 'Bob', language_code: 'en' })
  await ask(bob, '/start', 'Welcome')
  for (const key of prompt.keyboard?.flat() ?? []) {
    assert.match(answerTo(scene, await forgePress(scene, bob, key.data ?? '')), /updated/)
  }
  assert.deepEqual([(await row())?.state, (await row())?.version], ['live', 1])
})
