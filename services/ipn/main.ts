import { runService } from '../../shared/runtime/service.ts'
import { readConfig } from './config.ts'
import { ipn } from './service.ts'

await runService('ipn', ipn, readConfig)
