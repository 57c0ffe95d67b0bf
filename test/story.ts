import { test, type TestContext } from 'node:test'
import { startWorld, type World, type WorldOptions } from '../sandbox/world.ts'
import { createTestDatabaseConfig } from '../shared/testing/database.ts'
import { aRealBucket, realServer } from '../shared/testing/real-bucket.ts'
import { assertRequestsAreValid } from './bot-api.ts'
import { assertBooksBalance } from './shopper.ts'

/** `skip` says why the story cannot be told on this machine. */
export type StoryOptions = Omit<WorldOptions, 'database'> & { readonly skip?: string | false }

/** NOWPayments as it is played has no limits: nobody has to wait for the pace that keeps below them. */
export const hurry = { NOWPAYMENTS_PACE: '100' }

/** A story in a world of its own. At its end the books must balance, and every request to Telegram must have been valid. */
export function story(
  title: string,
  tell: (world: World, t: TestContext) => Promise<void>,
  { skip = false, ...options }: StoryOptions = {},
): void {
  test(title, { skip }, async (t) => {
    const environment = { ...hurry, ...(await namedBucket(t)), ...options.environment }
    const world = await startWorld({ ...options, environment, database: await createTestDatabaseConfig(t) })
    try {
      await tell(world, t)
      await assertBooksBalance(world)
      await assertRequestsAreValid(world.transcriptPath)
    } finally {
      await world.close()
    }
  })
}

/** A bucket on the S3 server that was named for the tests; without one the world has its own. */
async function namedBucket(t: TestContext): Promise<Record<string, string>> {
  const server = realServer()
  if (server === undefined) return {}
  const { endpoint, region, bucket, keyId, applicationKey, forcePathStyle } = await aRealBucket(t, server)
  return {
    B2_ENDPOINT: endpoint,
    B2_BUCKET_NAME: bucket,
    B2_KEY_ID: keyId,
    B2_APPLICATION_KEY: applicationKey,
    S3_REGION: region,
    S3_FORCE_PATH_STYLE: String(forcePathStyle),
  }
}
