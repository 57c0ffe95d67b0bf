import { test, type TestContext } from 'node:test'
import { startWorld, type World, type WorldOptions } from '../sandbox/world.ts'
import { createTestDatabaseConfig } from '../shared/testing/database.ts'
import { assertRequestsAreValid } from './bot-api.ts'
import { assertBooksBalance } from './shopper.ts'

/** `skip` says why the story cannot be told on this machine. */
export type StoryOptions = Omit<WorldOptions, 'database'> & { readonly skip?: string | false }

/** A story in a world of its own. At its end the books must balance, and every request to Telegram must have been valid. */
export function story(
  title: string,
  tell: (world: World, t: TestContext) => Promise<void>,
  { skip = false, ...options }: StoryOptions = {},
): void {
  test(title, { skip }, async (t) => {
    const world = await startWorld({ ...options, database: await createTestDatabaseConfig(t) })
    try {
      await tell(world, t)
      await assertBooksBalance(world)
      await assertRequestsAreValid(world.transcriptPath)
    } finally {
      await world.close()
    }
  })
}
