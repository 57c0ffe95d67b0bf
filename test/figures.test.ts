import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, test } from 'node:test'
import { until } from '../sandbox/infra/until.ts'
import { startWorld } from '../sandbox/world.ts'
import { createTestDatabaseConfig } from '../shared/testing/database.ts'
import { Shopper } from './shopper.ts'
import { hurry } from './story.ts'

const paths = ['/metrics', '/metrics/bot', '/metrics/delivery', '/metrics/media', '/metrics/janitor']
const token = 'who-may-read-figures'

type Panel = { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }

test('a purchase shows in the figures behind the one public port, and the dashboard asks for nothing else', async (t) => {
  const world = await startWorld({
    database: await createTestDatabaseConfig({ after }),
    environment: { ...hurry, METRICS_TOKEN: token },
  })
  t.after(() => world.close())
  const ask = (path: string, headers: Record<string, string>) => fetch(world.publicUrl + path, { headers })
  const elsewhere = { 'x-forwarded-for': '203.0.113.9' }
  const figuresOf = async (path: string): Promise<string[]> => {
    const answer = await ask(path, { ...elsewhere, authorization: `Bearer ${token}` })
    assert.equal(answer.status, 200, path)
    return (await answer.text()).split('\n')
  }

  const shopper = new Shopper(world, 'Figaro')
  const { paymentId } = await shopper.order('TSBYEX23')
  world.nowPayments.act(paymentId, { action: 'pay' })
  await shopper.seesFile()
  await world.settle()
  const hasReleased = `select from chore_runs where chore = 'release-escrow'`
  await until(async () => (await world.db.query(hasReleased)).rowCount > 0 || undefined)

  for (const path of paths) {
    assert.equal((await ask(path, elsewhere)).status, 401, `${path} without a token`)
    assert.equal((await ask(path, { ...elsewhere, authorization: 'Bearer not-the-token-of-20' })).status, 401, path)
  }
  const lines = (await Promise.all(paths.map(figuresOf))).flat()
  const valueOf = (name: string): number => Number(lines.find((line) => line.startsWith(`${name} `))?.split(' ')[1])
  assert.ok(valueOf('comptoir_notification_answers_total{code="200",service="ipn"}') > 0)
  assert.equal(
    valueOf('comptoir_notification_seconds_count{service="ipn"}'),
    valueOf('comptoir_notification_answers_total{code="200",service="ipn"}'),
  )
  for (const [name, value] of [
    ['comptoir_orders{state="delivered",service="ipn"}', 1],
    ['comptoir_orders_waiting{service="ipn"}', 0],
    ['comptoir_deliveries_total{method="document",service="delivery"}', 1],
    ['comptoir_deliveries_per_minute{service="delivery"}', 1],
    ['comptoir_paid_to_delivered_seconds_count{service="delivery"}', 1],
    ['comptoir_deliveries{state="dead",service="delivery"}', 0],
    ['comptoir_outbox_waiting{service="janitor"}', 0],
    ['comptoir_dead_letters{service="janitor"}', 0],
    ['comptoir_telegram_429_total{service="bot"}', 0],
    ['comptoir_up{service="media"}', 1],
  ] as const) {
    assert.equal(valueOf(name), value, name)
  }
  assert.ok(valueOf('comptoir_chore_runs_total{chore="release-escrow",ended="done",service="janitor"}') >= 1)

  const known = new Set(lines.map((line) => /^# TYPE (\w+) /.exec(line)?.[1]))
  const isKnown = (name: string): boolean => known.has(name) || known.has(name.replace(/_(bucket|sum|count)$/, ''))
  const dashboard = JSON.parse(await readFile('grafana/dashboard.json', 'utf8')) as { panels: Panel[] }
  const asked = dashboard.panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => namesIn(expr)))
  assert.ok(new Set(asked).size >= 15)
  assert.deepEqual(
    asked.filter((name) => !isKnown(name)),
    [],
  )
})

const namesIn = (expression: string): string[] => expression.match(/\b(comptoir|process|nodejs)_\w+/g) ?? []
