import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { goalTable } from './chaos/goals.ts'
import { Liar } from './chaos/lies.ts'
import { buyInCalm, buyInChaos, buyWhileKilling } from './chaos/mass.ts'
import { type ChaosOptions, readOptions } from './chaos/options.ts'
import { Progress } from './chaos/progress.ts'
import { describe, describeMachine, type Facts } from './chaos/report.ts'
import { Run } from './chaos/run.ts'
import { secondsOf, sizesOf, withTheRest } from './chaos/sizes.ts'
import { openStage } from './chaos/stage.ts'

/**
 * `npm run chaos -- --orders N --seed S [--report FILE] [--only PHASE,GOAL]`: buys N times and more on the real services
 * while everything fails around them, tries each goal by itself, looks at every chat from outside, and prints the goals
 * with what was measured. Ends with 1 when a goal was missed or anything failed.
 */
async function run(options: ChaosOptions): Promise<boolean> {
  const startedAt = performance.now()
  const sizes = sizesOf(options.orders)
  const progress = new Progress(secondsOf(sizes))
  progress.say(`seed ${options.seed}: starting`)
  const stage = await openStage()
  try {
    const machine = await describeMachine(stage)
    const one = new Run(stage, { sizes, seed: options.seed, liar: new Liar() }, progress, options.only)
    await one.buy('calm', 'nothing fails', buyInCalm)
    await one.buy('kills', 'each service is killed in turn', buyWhileKilling)
    await one.buy('chaos', 'everything fails at once', (stage, trial, say) =>
      buyInChaos(stage, { ...trial, sizes: withTheRest(sizes, options.orders - one.paid) }, say),
    )
    await one.tryUnderLoad()
    await one.tryAlone()
    const facts = await one.inspect(options)
    await tell({ ...facts, machine, minutes: (performance.now() - startedAt) / 60_000 })
    return facts.failures.length === 0 && facts.goals.every(({ isMet }) => isMet !== false)
  } finally {
    await stage.close()
  }
}

async function tell(facts: Facts): Promise<void> {
  console.log(`\n${goalTable(facts.goals)}\n`)
  for (const failure of facts.failures) console.log(`failed with seed ${facts.options.seed}: ${failure}`)
  const { report } = facts.options
  if (report === undefined) return
  await mkdir(dirname(report), { recursive: true })
  const style = (await resolveConfig(report)) ?? {}
  await writeFile(report, await format(describe(facts), { ...style, parser: 'markdown' }))
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => process.exit(1)) // what was started ends with this process
}
process.exitCode = (await run(readOptions(process.argv.slice(2)))) ? 0 : 1
process.exit()
