import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { type TestContext } from 'node:test'
import fc, { type IAsyncProperty, type Parameters } from 'fast-check'

/** How many histories a model tries: few in every run of the tests, many with MODEL_RUNS=2000. */
export const modelRuns = (usual: number): number => {
  const wanted = process.env['MODEL_RUNS']
  if (wanted === undefined) return usual
  if (!/^[1-9]\d{0,6}$/.test(wanted)) throw new Error(`Expected MODEL_RUNS to be a whole number, got ${wanted}`)
  return Number(wanted)
}

/** The histories of this run, others each time unless told; said so that they can be had again with MODEL_SEED=<seed>. */
export function seeded<T>(t: TestContext, parameters: Parameters<T>): Parameters<T> {
  const wanted = process.env['MODEL_SEED']
  if (wanted !== undefined && !/^\d{1,10}$/.test(wanted))
    throw new Error(`Expected MODEL_SEED to be a number, got ${wanted}`)
  const seed = wanted === undefined ? (parameters.seed ?? randomInt(2 ** 31)) : Number(wanted)
  t.diagnostic(`seed ${seed}`)
  return { ...parameters, seed }
}

/**
 * A model that does not notice a broken shop proves nothing: with this one it must fail. The histories are the same in every
 * run, so that it is not left to luck whether one of them meets the fault.
 */
export async function findsFault<T>(t: TestContext, broken: IAsyncProperty<T>): Promise<void> {
  const { failed } = await fc.check(broken, seeded<T>(t, { numRuns: 200, endOnFailure: true, seed: 1 }))
  assert.ok(failed, 'the fault was not noticed')
}
