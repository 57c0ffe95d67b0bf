import { writeSync } from 'node:fs'
import { after } from 'node:test'

/** Longer than it takes to stop whatever a test started. */
const patienceMs = 30_000

/**
 * Loaded before each file of tests. What a failed test left running ends with its file, and is named: it must not hold up the
 * run. `--test-force-exit` would do so too, but cuts off what was not written yet, and with it tests that passed or failed.
 */
if (process.env['NODE_TEST_CONTEXT'] !== undefined) {
  after(() => {
    setTimeout(() => {
      writeSync(
        process.stderr.fd,
        `${process.argv[1] ?? ''} left running: ${process.getActiveResourcesInfo().join(', ')}\n`,
      )
      process.exit()
    }, patienceMs).unref()
  })
}
