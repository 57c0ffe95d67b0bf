import { readConfig as readBot } from '../services/bot/config.ts'
import { readConfig as readDelivery } from '../services/delivery/config.ts'
import { readConfig as readIpn } from '../services/ipn/config.ts'
import { readConfig as readJanitor } from '../services/janitor/config.ts'
import { readConfig as readMedia } from '../services/media/config.ts'
import { type Refusal, WrongEnvironment } from '../shared/runtime/environment.ts'
import { migrateDatabase, orSay } from './migrate.ts'

/** Before the five services start together: one list of all that is wrong with their variables, then the tables. */
await orSay(async () => {
  checkSettings(process.env)
  await migrateDatabase(process.env)
})

/** What is wrong for several services is said once. */
function checkSettings(values: NodeJS.ProcessEnv): void {
  const refused = new Map<string, Refusal>()
  for (const read of [readIpn, readBot, readDelivery, readMedia, readJanitor]) {
    for (const refusal of refusalsOf(() => read(values))) refused.set(refusal.name, refusal)
  }
  if (refused.size > 0) throw new WrongEnvironment([...refused.values()])
}

function refusalsOf(read: () => unknown): readonly Refusal[] {
  try {
    read()
    return []
  } catch (error) {
    if (error instanceof WrongEnvironment) return error.refusals
    throw error
  }
}
