import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Figures } from './figures.ts'
import { remembered } from './remembered.ts'

const linesOf = async (figures: Figures): Promise<string[]> =>
  (await figures.text()).split('\n').filter((line) => line.startsWith('comptoir_'))

test('figures count what happened, what is, and how long it took', async () => {
  const figures = new Figures('delivery')
  const brought = figures.counter('comptoir_brought_total', 'Brought', ['method'])
  brought.inc({ method: 'link' })
  brought.inc({ method: 'link' })
  figures.histogram('comptoir_took_seconds', 'Took', [1, 5]).observe(3)
  let waiting = 4
  const read = () => Promise.resolve([{ labels: { state: 'queued' }, value: waiting }])
  figures.gauge('comptoir_waiting', 'Waiting', read, ['state'])
  assert.deepEqual(await linesOf(figures), [
    'comptoir_brought_total{method="link",service="delivery"} 2',
    'comptoir_took_seconds_bucket{le="1",service="delivery"} 0',
    'comptoir_took_seconds_bucket{le="5",service="delivery"} 1',
    'comptoir_took_seconds_bucket{le="+Inf",service="delivery"} 1',
    'comptoir_took_seconds_sum{service="delivery"} 3',
    'comptoir_took_seconds_count{service="delivery"} 1',
    'comptoir_waiting{state="queued",service="delivery"} 4',
  ])
  waiting = 0
  assert.ok((await linesOf(figures)).includes('comptoir_waiting{state="queued",service="delivery"} 0'))
})

test('a figure that cannot be read is left out, and the others are told', async () => {
  const figures = new Figures('ipn')
  let isAway = false
  const read = () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve([{ value: 7 }]))
  figures.gauge('comptoir_orders_waiting', 'Waiting', read)
  figures.gauge(
    'comptoir_orders',
    'By state',
    async () => (await read()).map((one) => ({ ...one, labels: { state: 'paid' } })),
    ['state'],
  )
  figures.counter('comptoir_answers_total', 'Answers')
  const answers = 'comptoir_answers_total{service="ipn"} 0'
  const read7 = ['comptoir_orders_waiting{service="ipn"} 7', 'comptoir_orders{state="paid",service="ipn"} 7']
  assert.deepEqual(await linesOf(figures), [...read7, answers])
  isAway = true
  assert.deepEqual(await linesOf(figures), [answers])
  isAway = false
  assert.deepEqual(await linesOf(figures), [...read7, answers])
})

test('every service tells what its process takes', async () => {
  const text = await new Figures('bot').text()
  for (const name of ['process_resident_memory_bytes', 'process_cpu_seconds_total', 'nodejs_eventloop_utilization']) {
    assert.match(text, new RegExp(`^${name}\\{service="bot"\\} \\d`, 'm'))
  }
})

test('an answer is remembered for a moment, asked for once by many, and a failure is not kept', async () => {
  let asked = 0
  let fails = true
  const read = remembered(60_000, () => {
    asked += 1
    return fails ? Promise.reject(new Error('away')) : Promise.resolve(asked)
  })
  await assert.rejects(read())
  fails = false
  assert.deepEqual(await Promise.all([read(), read(), read()]), [2, 2, 2])
  assert.equal(await read(), 2)
  let always = 0
  const forgetful = remembered(0, () => Promise.resolve((always += 1)))
  assert.deepEqual([await forgetful(), await forgetful()], [1, 2])
})
