import { type World } from '../../sandbox/world.ts'
import { readEnvironment } from '../../shared/runtime/environment.ts'
import { storageSettings } from '../../shared/runtime/settings.ts'
import { type BucketSettings } from '../../shared/storage/object-store.ts'

/** The bucket the services of this world are told of. */
export const bucketOf = ({ environment }: World): BucketSettings => readEnvironment(environment, storageSettings)
