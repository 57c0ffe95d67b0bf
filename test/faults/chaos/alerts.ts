import { type Stage } from './stage.ts'

/** How many alarms administrators were to be told so far. */
export async function countAlerts({ world }: Stage): Promise<number> {
  const { rows } = await world.db.query<{ alerts: number }>(
    `select count(*)::int as alerts from outbox where subject = 'admin.alert'`,
  )
  return rows[0]?.alerts ?? 0
}
