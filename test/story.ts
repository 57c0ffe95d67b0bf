import { test, type TestContext } from 'node:test'
import { startWorld, type World, type WorldOptions } from '../sandbox/world.ts'
import { createTestDatabaseConfig } from '../shared/testing/database.ts'
import { assertBooksBalance } from './shopper.ts'

/** A story in a world of its own, whose books must balance at the end. */
export function story(
  title: string,
  tell: (world: World, t: TestContext) => Promise<void>,
  options: Omit<WorldOptions, 'database'> = {},
): void {
  test(title, async (t) => {
    const world = await startWorld({ ...options, database: await createTestDatabaseConfig(t) })
    try {
      await tell(world, t)
      await assertBooksBalance(world)
    } finally {
      await world.close()
    }
  })
}
