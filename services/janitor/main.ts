import { runService } from '../../shared/runtime/service.ts'
import { readConfig } from './config.ts'
import { janitor } from './service.ts'

await runService('janitor', janitor, readConfig)
