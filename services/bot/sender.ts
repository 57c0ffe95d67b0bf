import { type Context } from 'telegraf'
import { type PersonId, personId } from '../../shared/domain/ids.ts'
import { greetPerson, markReturned, type Person } from '../../shared/db/users.ts'
import { resumeDeliveries } from '../../shared/db/requeue-deliveries.ts'
import { inTransaction } from '../../shared/db/pool.ts'
import { deliveryRequested } from '../../shared/events/index.ts'
import { enqueue } from '../../shared/messaging/outbox.ts'
import { languageFrom } from '../../shared/texts/index.ts'
import { redrawForReturned } from './checkout/redraw-for-returned.ts'
import { type BotDeps } from './context.ts'

type From = NonNullable<Context['from']>

/** The account of whoever sent an update, made when it is the first. */
export async function meet({ db, config }: Pick<BotDeps, 'db' | 'config'>, from: From): Promise<Person> {
  return greetPerson(db, {
    id: personId(from.id),
    username: from.username ?? null,
    firstName: from.first_name,
    language: languageFrom(from.language_code, config.defaultLanguage),
  })
}

/** Whoever comes back can be reached again: what waited for them goes out. */
export async function welcomeBack({ db }: Pick<BotDeps, 'db'>, person: PersonId): Promise<void> {
  await inTransaction(db, async (tx) => {
    await markReturned(tx, person)
    await redrawForReturned(tx, person)
    for (const deliveryId of await resumeDeliveries(tx, person)) {
      await enqueue(tx, deliveryRequested, deliveryId, { deliveryId })
    }
  })
}
