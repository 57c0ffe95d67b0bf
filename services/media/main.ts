import { runService } from '../../shared/runtime/service.ts'
import { readConfig } from './config.ts'
import { media } from './service.ts'

await runService('media', media, readConfig)
