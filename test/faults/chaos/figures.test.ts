import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outOf, percentile, tally, times } from './figures.ts'
import { type Goal, goalTable } from './goals.ts'
import { secondsOf, sizesOf } from './sizes.ts'

test('no failure in three thousand orders bounds the rate at a tenth of a percent, and one failure bounds nothing', () => {
  assert.equal(outOf(0, 3_000), '0 of 3,000 (≤ 0.1 % at 95 %)')
  assert.equal(outOf(0, 300), '0 of 300 (≤ 1 % at 95 %)')
  assert.equal(outOf(1, 3_000), '1 of 3,000')
  assert.equal(outOf(0, 0), '0 of 0')
})

test('a percentile is a time that was measured, and none of nothing', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
  assert.equal(percentile(hundred, 0.5), 50)
  assert.equal(percentile(hundred, 0.99), 99)
  assert.equal(times(hundred), 'p50 50 ms, p99 99 ms, max 100 ms')
  assert.ok(Number.isNaN(percentile([], 0.5)))
})

test('goals stand in their order in the table, and a goal that nobody measured is not called met', () => {
  const goal: Goal = { id: 'G2', goal: 'a', target: 'b', measured: 'c', isMet: true, how: 'd' }
  const table = goalTable([{ ...goal, id: 'G10', isMet: undefined }, goal, { ...goal, id: 'G9', isMet: false }])
  const verdicts = table
    .split('\n')
    .slice(2)
    .map((row) => [row.split('|')[1]?.trim(), row.split('|')[5]?.trim()])
  assert.deepEqual(verdicts, [
    ['G2', 'met'],
    ['G9', '**missed**'],
    ['G10', 'not measured'],
  ])
})

test('a run of three thousand orders kills each service a hundred times, and is planned to end within 45 minutes', () => {
  const sizes = sizesOf(3_000)
  assert.equal(sizes.calm.orders + sizes.kills.orders + sizes.chaos.orders, 3_000)
  assert.equal(sizes.kills.ofEach, 100)
  const minutes = [...secondsOf(sizes).values()].reduce((sum, seconds) => sum + seconds, 0) / 60
  assert.ok(minutes < 45, `${minutes.toFixed(1)} minutes`)
})

test('the faults of a run are told by their names, each with how often it struck', () => {
  const struck = new Map([
    ['kill ipn', 1_200],
    ['kill bot', 3],
  ])
  assert.equal(tally(struck), 'kill bot 3, kill ipn 1,200')
})
