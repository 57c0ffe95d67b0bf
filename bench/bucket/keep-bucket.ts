import { startObjectStore } from '../../sandbox/infra/object-store.ts'
import { bucketKeys } from './keys.ts'

/** A bucket in a process of its own, as a real one is: what it takes is not taken from whoever is measured. */
const bucket = await startObjectStore({ dir: process.argv[2] ?? '', ...bucketKeys })
process.send?.(bucket.endpoint)
process.on('disconnect', () => process.exit())
