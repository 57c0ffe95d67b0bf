import { execFile } from 'node:child_process'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { pino } from 'pino'
import { launchFleet } from '../../../../sandbox/fleet.ts'
import { freePort } from '../../../../sandbox/infra/free-port.ts'
import { findPorts } from '../../../../sandbox/ports.ts'
import { count, times, worst } from '../figures.ts'
import { genuine, post } from '../forge.ts'
import { delaysOf, type Purchase } from '../purchase.ts'
import { pace, type Stage } from '../stage.ts'
import { bringAll, orderSome, orderUnpaid, secondFilesOf, type Scenario } from './trial.ts'

const root = resolve(import.meta.dirname, '../../../..')
const perSecond = 50

type Answer = { readonly ms: number; readonly status: number }
type Reloaded = { readonly purchases: Purchase[]; readonly answers: readonly Answer[]; readonly seconds: number }

/** The services under pm2 as an operator runs them, reloaded as an operator does it, while notifications and buyers come. */
export const reloadAll: Scenario = async (stage, { sizes }) => {
  const found: Partial<Reloaded> = {}
  await stage.processes.whileStopped(async () => {
    Object.assign(found, await underPm2(stage, sizes.few))
  })
  const { purchases = [], answers = [], seconds = 0 } = found
  const failed = answers.filter(({ status }) => status !== 200)
  const second = secondFilesOf(purchases)
  const kinds = [...new Set(failed.map(({ status }) => (status === 0 ? 'refused' : String(status))))].join(', ')
  return {
    goal: {
      id: 'G16',
      goal: 'reload of all services under load',
      target: '0 failed notifications, 0 second files',
      measured: `${failed.length} of ${count(answers.length)} notifications failed${kinds === '' ? '' : ` (${kinds})`} in a reload of ${seconds.toFixed(0)} s: ${times(answers.map(({ ms }) => ms))}; ${second} second files of ${delaysOf(purchases).length}, slowest ${(worst(delaysOf(purchases)) / 1000).toFixed(1)} s`,
      isMet: failed.length === 0 && second === 0,
      how: `\`pm2 reload all\` of ecosystem.config.js, ${perSecond} notifications a second over loopback, orders paid meanwhile`,
    },
    purchases,
  }
}

async function underPm2(stage: Stage, few: number): Promise<Reloaded> {
  const port = await findPorts(await freePort(), 5)
  const url = `http://127.0.0.1:${port}`
  const own = { NOWPAYMENTS_PACE: String(pace), IPN_CALLBACK_URL: `${url}/ipn/nowpayments`, PUBLIC_URL: url }
  const environment = { ...stage.world.environment, ...own }
  const log = pino({ enabled: false })
  const fleet = await launchFleet({ root, folder: stage.folder, environment, port, log })
  const before = stage.intake.url
  stage.intake.url = url
  try {
    await fleet.ready
    return await reloadUnderLoad(stage, few)
  } finally {
    stage.intake.url = before
    await fleet.stop()
  }
}

async function reloadUnderLoad(stage: Stage, few: number): Promise<Reloaded> {
  const [[target], paid] = await Promise.all([orderUnpaid(stage, 1), orderSome(stage, few)])
  if (target === undefined) throw new Error('Expected an order to notify about')
  const over = new AbortController()
  const answers = loadUntil(over.signal, () => post(stage, genuine(stage, target, 'waiting')))
  const startedAt = performance.now()
  await pause(1_000)
  const bringing = bringAll(stage, paid)
  await reload(stage)
  const seconds = (performance.now() - startedAt) / 1000
  await bringing
  over.abort()
  return { purchases: [target, ...paid], answers: await answers, seconds }
}

async function reload({ folder }: Stage): Promise<void> {
  const pm2 = join(root, 'node_modules/pm2/bin/pm2')
  const env = { ...process.env, PM2_HOME: join(folder, 'pm2') }
  await promisify(execFile)(process.execPath, [pm2, 'reload', 'all'], { cwd: root, env, timeout: 120_000 })
}

async function loadUntil(end: AbortSignal, ask: () => Promise<number>): Promise<Answer[]> {
  const answers: Promise<Answer>[] = []
  for (const startedAt = performance.now(); !end.aborted;) {
    const at = performance.now()
    answers.push(ask().then((status) => ({ ms: performance.now() - at, status })))
    await pause(Math.max(0, startedAt + (answers.length * 1000) / perSecond - performance.now()))
  }
  return Promise.all(answers)
}
