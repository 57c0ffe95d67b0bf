import assert from 'node:assert/strict'
import { Shopper } from './shopper.ts'
import { story } from './story.ts'

story(
  'a pause that Telegram asks of the delivery is kept by the whole shop, and then the file comes',
  async (world) => {
    const [alice, bruno] = [new Shopper(world), new Shopper(world, 'Bruno')]
    alice.say('/start p_FACTVRE2')
    await alice.tap('Free')
    await alice.seesFile()
    bruno.say('/start')
    await bruno.sees('Welcome')
    alice.say('/library')
    await alice.sees('My library')
    await world.settle()

    // only the delivery edits anything now
    world.telegram.faults.add({ kind: 'retry_after', seconds: 5, method: 'editMessageMedia', count: 1 })
    await alice.tap('Send me the file')
    while ((await world.db.query(`select from telegram_pauses where until > now()`)).rowCount === 0);
    bruno.say('/help')
    await bruno.sees('/library')
    await alice.client.waitFor(() => alice.files().length === 2, 20_000)
    assert.deepEqual(world.telegram.faults.violations, [])
  },
)
