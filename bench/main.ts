import { parseArgs } from 'node:util'
import { botUpdates } from './bot-updates.ts'
import { deliveries } from './deliveries.ts'
import { memory } from './memory.ts'
import { notifications } from './notifications.ts'
import { paidToDelivered } from './paid-to-delivered.ts'
import { machine, writeReport } from './report.ts'
import { restoreImages } from './restore-images.ts'
import { describe, type Result } from './result.ts'
import { startUp } from './start-up.ts'
import { thumbnails } from './thumbnails.ts'

/**
 * `npm run bench`, or `npm run bench -- thumbnails restore-images`: each against its limit, measured in the same run.
 * `--report docs/performance.md` writes the table of all of them into the document.
 */
const benches: Readonly<Record<string, () => Promise<Result[]>>> = {
  notifications,
  'paid-to-delivered': paidToDelivered,
  deliveries,
  'bot-updates': botUpdates,
  thumbnails,
  'restore-images': restoreImages,
  memory,
  'start-up': startUp,
}

const { values, positionals: asked } = parseArgs({ options: { report: { type: 'string' } }, allowPositionals: true })
const unknown = asked.filter((name) => benches[name] === undefined)
if (unknown.length > 0)
  refuse(`No bench is called ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.`)
if (values.report !== undefined && asked.length > 0)
  refuse('A report is written of all benches: name none with --report.')

const results: Result[] = []
for (const [name, measure] of Object.entries(benches)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const began = performance.now()
  results.push(...(await measure()))
  console.error(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s`)
}
const report = `${machine()} · \`npm run bench\`\n\n${describe(results)}`
console.log(report)
if (values.report !== undefined) await writeReport(values.report, 'bench', report)
process.exit()

function refuse(why: string): never {
  console.error(why)
  process.exit(2)
}
