import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { type PersonClient } from '../../../sandbox/telegram/person-client.ts'
import { countForAdmins } from '../../../shared/db/admin-counts.ts'
import { keepAppeal, listOpenAppeals, refuseAppeal } from '../../../shared/db/appeals.ts'
import { openCase } from '../../../shared/db/cases.ts'
import { withdrawRights } from '../../../shared/db/chores/end-suspensions.ts'
import { findModeratedProduct, moderateProduct, restorePerson, suspendPerson } from '../../../shared/db/moderation.ts'
import { findOffer } from '../../../shared/db/offers.ts'
import { type Database } from '../../../shared/db/pool.ts'
import { returnRights } from '../../../shared/db/returned-rights.ts'
import { type AppealId, type NoticeId, personId } from '../../../shared/domain/ids.ts'
import { aRunningBot } from '../../../shared/testing/a-bot.ts'
import {
  answerTo,
  ask,
  forgePress,
  offers,
  pressLabel,
  says,
  textOf,
  toastOf,
  untilHandled,
} from '../../../shared/testing/a-chat.ts'
import { anOpenOrder, anOwnedOrder, aProductOnSale } from '../../../shared/testing/a-shop.ts'
import { markOf } from '../button-arguments.ts'
import { buttonData } from '../buttons.ts'
import { forms } from '../forms/forms.ts'
import { tellNotice } from '../notices/tell-notice.ts'
import { storefrontFeatures } from '../shop-features.ts'
import { appeal } from '../support/appeal.ts'
import { appealForm } from '../support/appeal-form.ts'
import { unknown } from '../unknown.ts'
import { admin } from './admin.ts'
import { adminForms } from './admin-forms.ts'
import { type Administrator } from './administrator.ts'
import { moderateForm } from './moderate-form.ts'

const adminId = 900_000_001

async function aScene(t: TestContext) {
  const features = [forms([moderateForm, appealForm, ...adminForms]), ...storefrontFeatures, appeal, admin, unknown]
  const scene = await aRunningBot(t, features)
  const { db } = scene.deps
  const grace = scene.emulator.addPerson({ id: adminId, first_name: 'Grace', language_code: 'en' })
  const camille = scene.emulator.addPerson({ first_name: 'Camille', username: 'camille_sells', language_code: 'fr' })
  for (const person of [grace, camille]) {
    person.send('/start')
    await person.waitForMessage(({ keyboard }) => keyboard !== undefined)
  }
  const product = await aProductOnSale(db, { title: 'A <b>bold</b> guide' })
  await db.query(`insert into sellers (user_id, code, display_name) values ($1, '0000CAM0', 'Camille')`, [camille.id])
  await db.query(`update products set seller_id = $2 where id = $1`, [product.id, camille.id])
  const tellAll = async (): Promise<void> => {
    const { rows } = await db.query<{ id: NoticeId }>(
      `select id from notices where state = 'queued' order by created_at`,
    )
    for (const { id: noticeId } of rows) await tellNotice(scene.deps, { noticeId })
  }
  return { ...scene, db, grace, camille, product, tellAll }
}

const isVisible = async (db: Database, id: string): Promise<boolean> =>
  (await db.query(`select from visible_products where id = $1`, [id])).rowCount === 1

const audited = async (db: Database) => (await db.query(`select actor, action, reason from audit_log order by at`)).rows

/** Through the form, button by button. */
async function press(person: PersonClient, ...labels: string[]): Promise<void> {
  for (const label of labels) await pressLabel(person, label)
}

test('a product is suspended for a while with a reason its seller reads in their language, and restored', async (t) => {
  const { db, grace, camille, product, tellAll } = await aScene(t)
  await ask(grace, `/admin ${product.code}`, 'A <b>bold</b> guide', 'visible')
  await press(grace, 'Suspend', '7 days', 'copyright')
  await ask(grace, 'no', 'short')
  await ask(grace, 'The pictures belong to somebody else', 'for 7 days', 'copyright: The pictures')
  assert.ok(await isVisible(db, product.id), 'nothing happens before the last press')
  await press(grace, 'Yes, do it')
  await grace.waitForMessage(says('suspended until', 'copyright: The pictures'))
  assert.equal(await isVisible(db, product.id), false)
  await tellAll()
  await camille.waitForMessage(says('suspendu A <b>bold</b> guide', 'droit d’auteur', 'The pictures belong'))

  await press(grace, 'Restore', 'Yes, do it')
  await grace.waitForMessage(says('visible'))
  assert.ok(await isVisible(db, product.id))
  await tellAll()
  await camille.waitForMessage(says('est rétabli'))
  assert.deepEqual(await audited(db), [
    {
      actor: String(adminId),
      action: 'product.suspend',
      reason: 'copyright: The pictures belong to somebody else',
    },
    { actor: String(adminId), action: 'product.restore', reason: '' },
  ])
})

test('a person found by name or shop is suspended, buys and sells nothing, keeps what they own, and is restored', async (t) => {
  const { db, grace, camille, product, tellAll } = await aScene(t)
  const other = await aProductOnSale(db)
  const owned = await anOwnedOrder(db, other, { buyer: personId(camille.id) })
  await ask(grace, '/admin @CAMILLE_sells', 'Camille', String(camille.id))
  await ask(grace, '/admin 0000cam0', 'Camille', 'products: 1')
  await ask(grace, `/admin ${camille.id}`, 'Camille', 'Paid purchases: 1')
  await press(grace, 'Suspend', 'Without end', 'scam', 'No comment', 'Yes, do it')
  await grace.waitForMessage(says('suspended', 'scam or spam'))
  assert.equal(await isVisible(db, product.id), false)
  const offer = await findOffer(db, personId(camille.id), other.code)
  assert.deepEqual([offer?.buyerStatus, offer?.isOwned], ['suspended', true])
  const { rows } = await db.query(`select from entitlements where order_id = $1 and ended_at is null`, [owned.id])
  assert.equal(rows.length, 1)
  await tellAll()
  await camille.waitForMessage(says('Votre compte est suspendu', 'tromperie ou spam'))

  await press(grace, 'Restore', 'Yes, do it')
  await grace.waitForMessage(says('active'))
  assert.ok(await isVisible(db, product.id))
})

test('nobody suspends an administrator, and what somebody else did meanwhile is said instead of done twice', async (t) => {
  const { db, grace, product } = await aScene(t)
  await ask(grace, `/admin ${adminId}`, 'Grace')
  await press(grace, 'Suspend', '30 days', 'scam', 'No comment')
  await toastOf(grace, await pressLabel(grace, 'Yes, do it'))
  await ask(grace, `/admin ${product.code}`, 'visible')
  await press(grace, 'Ban', 'illegal', 'No comment')
  await db.query(`update products set moderation = 'banned' where id = $1`, [product.id])
  const { text } = await toastOf(grace, await pressLabel(grace, 'Yes, do it'))
  assert.match(text ?? '', /not possible any more/)
  assert.deepEqual(await audited(db), [])
  const { rows } = await db.query(`select status from users where id = $1`, [adminId])
  assert.deepEqual(rows, [{ status: 'active' }])
})

test('who is no administrator moderates nothing, by no button and not in the middle of the form', async (t) => {
  const scene = await aScene(t)
  const { db, deps, grace, camille, product } = scene
  const strange = answerTo(scene, await forgePress(scene, camille, 'no-such-button'))
  await keepAppeal(db, { person: personId(camille.id), product: null, words: 'It was not me' })
  const { rows } = await db.query<{ id: AppealId }>(`select id from appeals`)
  const said = rows[0]?.id ?? assert.fail('no appeal')
  for (const data of [
    buttonData('modProduct', { product: product.code }),
    buttonData('modPerson', { person: personId(adminId) }),
    buttonData('measureProduct', { product: product.code, measure: 'withdraw', seen: markOf('ok') }),
    buttonData('measurePerson', { person: personId(grace.id), measure: 'suspend', seen: markOf('active') }),
    buttonData('appeals', { page: 0 }),
    buttonData('openAppeal', { appeal: said }),
    buttonData('readAppeal', { appeal: said }),
    buttonData('refuseAppeal', { appeal: said, length: 13 }),
  ]) {
    await db.query('delete from rate_buckets')
    assert.equal(answerTo(scene, await forgePress(scene, camille, data)), strange, data)
  }
  await ask(grace, `/admin ${product.code}`, 'visible')
  await press(grace, 'Ban', 'illegal', 'No comment')
  await grace.waitForMessage(offers('Yes, do it'))
  Object.assign(deps.config.telegram, { admins: [5n] })
  await toastOf(grace, await pressLabel(grace, 'Yes, do it'))
  await untilHandled(db)
  assert.ok(await isVisible(db, product.id))
  assert.deepEqual(await audited(db), [])
})

test('a withdrawn product is marked to be taken back from its buyers, and is not asked money for any more', async (t) => {
  const { db, grace, product } = await aScene(t)
  const open = await anOpenOrder(db, product)
  await ask(grace, `/admin ${product.code}`, 'visible')
  await press(grace, 'Withdraw', 'illegal', 'No comment', 'Yes, do it')
  await grace.waitForMessage(says('Taken back from those who bought it'))
  const offer = await findOffer(db, open.buyer, product.code)
  assert.deepEqual([offer?.isBanned, offer?.isVisible], [true, false])
  const { rows } = await db.query(`select withdrawn_at is not null as "isWithdrawn" from products where id = $1`, [
    product.id,
  ])
  assert.deepEqual(rows, [{ isWithdrawn: true }])
})

test('a seller whose ban was lifted without an appeal is told that it is restored, not that it was suspended', async (t) => {
  const { grace, camille, product, tellAll } = await aScene(t)
  await ask(grace, `/admin ${product.code}`, 'visible')
  await press(grace, 'Ban', 'illegal', 'No comment', 'Yes, do it')
  await grace.waitForMessage(says('banned'))
  await press(grace, 'Restore', 'Yes, do it')
  await grace.waitForMessage(says('visible'))
  await tellAll()
  const { text = '' } = await camille.waitForMessage(says('A <b>bold</b> guide est rétabli'))
  assert.doesNotMatch(text, /suspendu/)
})

test('illegal content is taken back from its buyers also after its seller deleted it and it was purged', async (t) => {
  const { db, grace, product } = await aScene(t)
  await db.query(`update products set status = 'purged', deleted_at = now(), purged_at = now(), current_file_id = null`)
  await ask(grace, `/admin ${product.code}`, 'purged')
  await press(grace, 'Withdraw', 'illegal', 'No comment', 'Yes, do it')
  await grace.waitForMessage(says('Taken back from those who bought it'))
  const terms = { reason: null, days: null }
  assert.equal(await moderateProduct(db, product.code, 'restore', terms), undefined)
})

test('an appeal reaches the administrators with its words, and nobody appeals for somebody else', async (t) => {
  const scene = await aScene(t)
  const { db, grace, camille, product, tellAll } = scene
  await ask(grace, `/admin ${product.code}`, 'visible')
  await press(grace, 'Ban', 'copyright', 'No comment', 'Yes, do it')
  await grace.waitForMessage(says('banned'))
  await tellAll()
  await press(camille, 'Contester')
  await camille.waitForMessage(says('Dites-nous pourquoi'))
  await ask(camille, 'non', 'court')
  await ask(camille, 'Ces images sont les miennes, voici mon contrat', 'transmis')
  const alerts = async () =>
    (await db.query<{ payload: unknown }>(`select payload from outbox where subject = 'admin.alert'`)).rows
  const words = 'Ces images sont les miennes, voici mon contrat'
  const alert = { about: 'appeal', on: 'product', words }
  assert.deepEqual(
    (await alerts()).map(({ payload }) => payload),
    [{ kind: `appeal ${camille.id}`, ref: product.code, alert, text: `A product: ${words}` }],
    'a bot of an older release reads the text alone',
  )
  const theirs = buttonData('appealProduct', { product: product.id })
  assert.match(answerTo(scene, await forgePress(scene, grace, theirs)), /nothing to appeal/)
  assert.match(answerTo(scene, await forgePress(scene, grace, buttonData('appeal'))), /nothing to appeal/)
})

/** Camille's product is banned, and she has said why that is wrong. */
async function anAppeal(scene: Awaited<ReturnType<typeof aScene>>): Promise<void> {
  const { grace, camille, product, tellAll } = scene
  await ask(grace, `/admin ${product.code}`, 'visible')
  await press(grace, 'Ban', 'copyright', 'No comment', 'Yes, do it')
  await grace.waitForMessage(says('banned'))
  await tellAll()
  await press(camille, 'Contester')
  await camille.waitForMessage(says('Dites-nous pourquoi'))
  await ask(camille, 'Ces images sont <les> miennes', 'transmis')
  await ask(grace, '/admin', 'Administration')
  await press(grace, 'Appeals · 1')
  await grace.waitForMessage(says('1. ·', 'A <b>bold</b> guide'))
  await press(grace, '1')
  await grace.waitForMessage(says('Ces images sont <les> miennes', 'copyright', 'Camille'))
}

test('an appeal that is turned down is answered once, with the reason, and what is said later waits as another', async (t) => {
  const scene = await aScene(t)
  const { db, grace, camille, tellAll } = scene
  await anAppeal(scene)
  await press(grace, 'Turn down')
  await ask(grace, 'no', 'short')
  await ask(grace, 'The contract does not name you', 'will read this')
  await press(grace, 'Yes, confirm')
  await grace.waitForMessage(says('No appeal is waiting'))
  await tellAll()
  await camille.waitForMessage(says('décision sur', 'A <b>bold</b> guide', 'The contract does not name you'))
  const { rows } = await db.query<{ id: AppealId; state: string }>(`select id, state from appeals`)
  assert.equal(rows[0]?.state, 'refused')
  const again = { by: 5n, reason: 'somebody else says so too' }
  assert.equal(await refuseAppeal(db, rows[0].id, { ...again, length: 30 }), undefined)
  await keepAppeal(db, { person: personId(camille.id), product: scene.product.id, words: 'Here is another one' })
  assert.equal((await countForAdmins(db)).appeals, 1)
  const [waiting = assert.fail('no appeal')] = await listOpenAppeals(db, { limit: 10, offset: 0 })
  await keepAppeal(db, { person: personId(camille.id), product: scene.product.id, words: 'and the contract' })
  const { id, length } = waiting
  assert.equal(await refuseAppeal(db, id, { ...again, length }), undefined, 'nobody answers what they have not read')
  assert.ok(await refuseAppeal(db, id, { ...again, length: length + '\n\nand the contract'.length }))
})

test('an appeal is granted by restoring what was taken off, and whoever appealed is told that it was right, once', async (t) => {
  const scene = await aScene(t)
  const { db, grace, camille, product, tellAll } = scene
  await anAppeal(scene)
  await press(grace, 'Restore', 'Yes, do it')
  await grace.waitForMessage(says('visible'))
  assert.ok(await isVisible(db, product.id))
  await tellAll()
  await camille.waitForMessage(says('contestation est acceptée', 'A <b>bold</b> guide'))
  const { rows } = await db.query(`select kind from notices order by created_at`)
  assert.deepEqual(rows, [{ kind: 'product moderated' }, { kind: 'product restored' }])
  assert.deepEqual((await db.query(`select state from appeals`)).rows, [{ state: 'granted' }])
})

test('a right that a withdrawal took returns with the product, but not to whom the money went or goes back', async (t) => {
  const { db, grace, product } = await aScene(t)
  const by = BigInt(adminId) as Administrator
  const [kept, refunded, asked] = [
    await anOwnedOrder(db, product),
    await anOwnedOrder(db, product),
    await anOwnedOrder(db, product),
  ]
  const liveRights = async () =>
    (await db.query(`select order_id as id from entitlements where ended_at is null order by order_id`)).rows.map(
      ({ id }) => id as string,
    )
  const withdrawn = async () => {
    await moderateProduct(db, product.code, 'withdraw', { reason: 'illegal', days: null })
    await withdrawRights(db, 100)
    assert.deepEqual(await liveRights(), [])
  }
  await withdrawn()
  await openCase(db, kept.id, 'content withdrawn', 'withdrawn from its buyers')
  await db.query(`update orders set status = 'refunded' where id = $1`, [refunded.id])
  await db.query(`insert into refunds (order_id, kind, amount_cents, by) values ($1, 'order', 2148, '1')`, [asked.id])

  await ask(grace, `/admin ${product.code}`, 'Taken back from those who bought it')
  await press(grace, 'Restore', 'Yes, do it')
  await grace.waitForMessage(says('visible', 'owners: 1'))
  assert.deepEqual(await liveRights(), [kept.id])
  assert.equal((await findOffer(db, kept.buyer, product.code))?.isOwned, true, 'nobody buys twice what is theirs')
  assert.equal((await findOffer(db, refunded.buyer, product.code))?.isOwned, false)
  assert.deepEqual((await db.query(`select state, decision from cases`)).rows, [{ state: 'closed', decision: 'close' }])

  await db.query(`update refunds set state = 'rejected'`)
  assert.equal(await returnRights(db, { order: asked.id }, by), 1, 'whose refund is refused after all has it again too')
  assert.equal(await returnRights(db, { product: product.id }, by), 0)
  await withdrawn()
})

test('whoever saw a suspension does not lift the withdrawal that somebody else has made of it since', async (t) => {
  const { db, grace, product } = await aScene(t)
  await ask(grace, `/admin ${product.code}`, 'visible')
  await press(grace, 'Suspend', '7 days', 'copyright', 'No comment', 'Yes, do it')
  await grace.waitForMessage(says('suspended until'))
  await press(grace, 'Restore')
  await grace.waitForMessage(says('Restore A <b>bold</b> guide?'))
  await moderateProduct(db, product.code, 'withdraw', { reason: 'illegal', days: null })
  const { text } = await toastOf(grace, await pressLabel(grace, 'Yes, do it'))
  assert.match(text ?? '', /not possible any more/)
  const { rows } = await db.query(`select moderation from products where id = $1`, [product.id])
  assert.deepEqual(rows, [{ moderation: 'banned' }])
})

test('whoever saw one suspension of a person does not lift another that came after it', async (t) => {
  const { db, grace, camille } = await aScene(t)
  const person = personId(camille.id)
  await suspendPerson(db, person, { reason: 'price', days: 7 })
  await ask(grace, `/admin ${camille.id}`, 'abusive price')
  await press(grace, 'Restore')
  await grace.waitForMessage(says('Restore Camille?'))
  await restorePerson(db, person)
  await suspendPerson(db, person, { reason: 'scam', days: null })
  const { text } = await toastOf(grace, await pressLabel(grace, 'Yes, do it'))
  assert.match(text ?? '', /not possible any more/)
  await press(grace, 'Restore', 'Yes, do it')
  await grace.waitForMessage(says('active'))
})

test('an appeal is not turned down from a card drawn before its last words were written', async (t) => {
  const scene = await aScene(t)
  const { db, grace, camille, product } = scene
  await anAppeal(scene)
  const [seen = assert.fail('no appeal')] = await listOpenAppeals(db, { limit: 1, offset: 0 })
  await keepAppeal(db, { person: personId(camille.id), product: product.id, words: 'and here is the contract' })
  const old = buttonData('refuseAppeal', { appeal: seen.id, length: seen.length })
  assert.match(answerTo(scene, await forgePress(scene, grace, old)), /has changed since/)
  await grace.waitForMessage(says('and here is the contract'))
  await press(grace, 'Turn down')
  await grace.waitForMessage(says('For what reason is it turned down?'))
})

test('a card that says suspended does not restore what was withdrawn, nor what was suspended anew, since', async (t) => {
  const scene = await aScene(t)
  const { db, grace, product } = scene
  const change = (measure: 'suspend' | 'restore' | 'withdraw', reason: string) =>
    moderateProduct(db, product.code, measure, { reason, days: null })
  const standing = async (): Promise<string> =>
    (await findModeratedProduct(db, product.code))?.standing ?? assert.fail('no product')
  await change('suspend', 'copyright')
  const old = buttonData('measureProduct', {
    product: product.code,
    measure: 'restore',
    seen: markOf(await standing()),
  })
  await change('restore', '')
  await change('suspend', 'price')
  assert.match(answerTo(scene, await forgePress(scene, grace, old)), /not possible any more/)
  await grace.waitForMessage(says('suspended', 'abusive price'))
  await change('withdraw', 'illegal')
  assert.match(answerTo(scene, await forgePress(scene, grace, old)), /not possible any more/)
  await grace.waitForMessage(says('Taken back from those who bought it'))
  await press(grace, 'Restore')
  await grace.waitForMessage(says('Restore A <b>bold</b> guide?', 'Now: banned', 'Taken back', 'illegal'))
})

test('an appeal too long for its card is read to its last word, and what does not fit any more is refused aloud', async (t) => {
  const scene = await aScene(t)
  const { db, grace, camille, product } = scene
  await anAppeal(scene)
  const said = { person: personId(camille.id), product: product.id }
  for (let time = 1; time <= 7; time += 1) {
    assert.ok(await keepAppeal(db, { ...said, words: `<${time}> ${'é'.repeat(995)}` }), `message ${time}`)
  }
  await press(camille, 'Contester')
  await camille.waitForMessage(says('Dites-nous pourquoi'))
  await ask(camille, 'x'.repeat(990), 'trop long')
  await ask(camille, 'Le contrat est le dernier mot', 'transmis')
  await ask(grace, '/admin', 'Administration')
  await press(grace, 'Appeals · 1')
  await grace.waitForMessage(says('1. ·', 'A <b>bold</b> guide'))
  await press(grace, '1', 'Read all')
  await grace.waitForMessage((message) => message.keyboard === undefined && says('est le dernier mot')(message))
  const read = grace
    .chat()
    .messages.filter(({ from, keyboard }) => from === 'bot' && keyboard === undefined)
    .map(textOf)
  const [waiting = assert.fail('no appeal')] = await listOpenAppeals(db, { limit: 1, offset: 0 })
  assert.equal(read.join(''), waiting.words)
})
