import { runService } from '../../shared/runtime/service.ts'
import { readConfig } from './config.ts'
import { delivery } from './service.ts'

await runService('delivery', delivery, readConfig)
