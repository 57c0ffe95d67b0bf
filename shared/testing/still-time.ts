import { syncBuiltinESMExports } from 'node:module'
import { type TestContext } from 'node:test'

/**
 * Time stands still for timers set from now on, until the test is over: what has to happen before a deadline can be tried
 * without waiting for it, and however slow the machine is. `pass` lets so many milliseconds go by.
 */
export function stillTime(t: TestContext): { readonly pass: (ms: number) => void } {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  syncBuiltinESMExports() // for whoever imported them by name
  t.after(() => {
    t.mock.timers.reset()
    syncBuiltinESMExports()
  })
  return {
    pass: (ms) => {
      t.mock.timers.tick(ms)
    },
  }
}
