import { availableParallelism, totalmem } from 'node:os'
import { describe, type Result } from './result.ts'
import { notifications } from './notifications.ts'
import { restoreImages } from './restore-images.ts'
import { thumbnails } from './thumbnails.ts'

/** `npm run bench`, or `npm run bench -- thumbnails restore-images`: each against its limit, measured in the same run. */
const benches: Readonly<Record<string, () => Promise<Result[]>>> = {
  notifications,
  thumbnails,
  'restore-images': restoreImages,
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => benches[name] === undefined)
if (unknown.length > 0) {
  console.error(`No bench is called ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}

const results: Result[] = []
for (const [name, measure] of Object.entries(benches)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  console.error(`${name} …`)
  results.push(...(await measure()))
}
const gigabytes = Math.round(totalmem() / 2 ** 30)
console.log(
  `${availableParallelism()} cores, ${gigabytes} GB, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}\n`,
)
console.log(describe(results))
process.exit()
