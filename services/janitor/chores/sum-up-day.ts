import { readYesterday } from '../../../shared/db/chores/day-in-figures.ts'
import { type Chore, onlyFound } from '../chore.ts'

/** One line a day for whoever keeps logs and nothing else. Should it ever be said twice, `day` tells. */
export const sumUpDay: Chore = {
  name: 'sum-up-day',
  when: { dailyAtUtc: '00:10' },
  does: "says in one line of the log what yesterday was like: orders, money, deliveries, what is open, the backup's age",
  run: async ({ db, log }) => {
    log.info(await readYesterday(db), 'the day in figures')
    return { checked: 1, changed: 0, failed: 0 }
  },
  preview: async ({ db }, found) => {
    const { day, ordersPaid, paidCents, deadLetters } = await readYesterday(db)
    found(`${day}: ${ordersPaid} orders paid, ${paidCents} cents, ${deadLetters} dead letters`)
    return onlyFound(1)
  },
}
