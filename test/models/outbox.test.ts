import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { claimEvents, insertEvent, markSent, type OutboxRow, releaseEvents } from '../../shared/db/outbox.ts'
import { inTransaction } from '../../shared/db/pool.ts'
import { createTestDatabase } from '../../shared/testing/database.ts'
import { findsFault, modelRuns, seeded } from './runs.ts'

const db = await createTestDatabase({ after })
const leaseMs = 60_000

/** What should be: how often each thing was announced, and what each relay has in hand under a lease that still runs. */
type Model = { waiting: Set<string>; readonly held: Map<number, OutboxRow[]> }
/** What the broker has seen, by the uuid of the event. */
/** The steps of a relay, one of which may be broken on purpose. */
type Steps = { readonly claim: typeof claimEvents; readonly mark: typeof markSent }
type Real = { readonly steps: Steps; readonly published: Map<string, string>; readonly announced: Set<string> }
type Command = fc.AsyncCommand<Model, Real>

const unsent = async () =>
  (await db.query<{ id: string; key: string }>(`select id, dedupe_key as key from outbox where sent_at is null`)).rows

/** Whatever happened: one waiting event for each thing that waits, and nothing that was published and marked comes again. */
async function check({ waiting }: Model): Promise<void> {
  assert.deepEqual((await unsent()).map(({ key }) => key).toSorted(), [...waiting].toSorted())
}

class Announce implements Command {
  readonly key: string
  readonly commits: boolean

  constructor(key: string, commits: boolean) {
    this.key = key
    this.commits = commits
  }

  check = (): boolean => true

  async run(model: Model, real: Real): Promise<void> {
    const announcing = inTransaction(db, async (tx) => {
      await insertEvent(tx, 'order.changed', this.key, {})
      if (!this.commits) throw new Error('the cause failed')
    })
    if (this.commits) await announcing
    else await assert.rejects(announcing, /the cause failed/)
    if (this.commits) model.waiting.add(this.key)
    for (const { id } of await unsent()) real.announced.add(id)
    await check(model)
  }

  toString = (): string => `announce ${this.key}${this.commits ? '' : ', and fail'}`
}

class Claim implements Command {
  readonly relay: number
  readonly limit: number

  constructor(relay: number, limit: number) {
    this.relay = relay
    this.limit = limit
  }

  check = ({ held }: Readonly<Model>): boolean => !held.has(this.relay)

  async run(model: Model, { steps }: Real): Promise<void> {
    const rows = await steps.claim(db, this.limit, leaseMs)
    const inOtherHands = new Set([...model.held.values()].flat().map(({ id }) => id))
    assert.deepEqual(
      rows.filter(({ id }) => inOtherHands.has(id)),
      [],
      'two relays hold one event',
    )
    assert.ok(rows.every(({ dedupeKey }) => model.waiting.has(dedupeKey)))
    model.held.set(this.relay, rows)
    await check(model)
  }

  toString = (): string => `relay ${this.relay} claims ${this.limit}`
}

/** Publishes what a relay holds, then marks it, gives it back, or dies before it can do either. */
class Settle implements Command {
  readonly relay: number
  readonly how: 'marks' | 'dies' | 'gives back'

  constructor(relay: number, how: 'marks' | 'dies' | 'gives back') {
    this.relay = relay
    this.how = how
  }

  check = ({ held }: Readonly<Model>): boolean => held.has(this.relay)

  async run(model: Model, { published, steps }: Real): Promise<void> {
    const rows = model.held.get(this.relay) ?? []
    const positions = rows.map(({ position }) => position)
    model.held.delete(this.relay)
    if (this.how === 'gives back') await releaseEvents(db, positions, 0)
    else for (const { id, dedupeKey } of rows) published.set(id, dedupeKey)
    if (this.how === 'marks') {
      await steps.mark(db, positions)
      for (const { dedupeKey } of rows) model.waiting.delete(dedupeKey)
    }
    await check(model)
  }

  toString = (): string => `relay ${this.relay} ${this.how}`
}

/** Longer than a lease: whoever held something is overtaken, and what it marks afterwards was published all the same. */
class Pass implements Command {
  check = (): boolean => true

  async run(model: Model): Promise<void> {
    await db.query(
      `update outbox set next_try_at = next_try_at - interval '5 minutes', created_at = created_at - interval '5 minutes'`,
    )
    model.held.clear()
    await check(model)
  }

  toString = (): string => 'the leases run out'
}

const relay = fc.nat({ max: 2 })
const commands = [
  fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.boolean()).map(([key, commits]) => new Announce(key, commits)),
  fc.tuple(relay, fc.integer({ min: 1, max: 4 })).map(([of, limit]) => new Claim(of, limit)),
  fc.tuple(relay, fc.constantFrom('marks', 'dies', 'gives back')).map(([of, how]) => new Settle(of, how)),
  fc.constant(new Pass()),
]

const usual: Steps = { claim: claimEvents, mark: markSent }
let published = 0

/** Any history of three relays, and in the end one that publishes what is left. */
const histories = (steps: Partial<Steps> = {}) =>
  fc.asyncProperty(fc.commands(commands, { maxCommands: 40 }), async (history) => {
    await db.query(`delete from outbox`)
    const real: Real = { steps: { ...usual, ...steps }, published: new Map(), announced: new Set() }
    const model: Model = { waiting: new Set(), held: new Map() }
    await fc.asyncModelRun(() => ({ model, real }), history)
    await new Pass().run(model)
    for (const { id, dedupeKey, position } of await claimEvents(db, 100, leaseMs)) {
      real.published.set(id, dedupeKey)
      await markSent(db, [position])
    }
    assert.deepEqual(await unsent(), [])
    assert.deepEqual([...real.published.keys()].toSorted(), [...real.announced].toSorted())
    published += real.published.size
  })

test('whatever relays claim, publish, mark, lose or overtake, each event that was committed goes out, and none that was not', async (t) => {
  await fc.assert(histories(), seeded(t, { numRuns: modelRuns(25) }))
  assert.ok(published > 0, 'nothing was ever published')
})

test('the model of the outbox finds a relay that takes what another one holds', async (t) => {
  const claim: Steps['claim'] = async (tx, limit, ms) => {
    await tx.query(`update outbox set next_try_at = '-infinity' where sent_at is null`)
    return claimEvents(tx, limit, ms)
  }
  await findsFault(t, histories({ claim }))
})

test('the model of the outbox finds a relay that marks more than it published', async (t) => {
  const mark: Steps['mark'] = async (tx, positions) => {
    await tx.query(`update outbox set sent_at = now() where sent_at is null`)
    return markSent(tx, positions)
  }
  await findsFault(t, histories({ mark }))
})
