import { runService } from '../../shared/runtime/service.ts'
import { readConfig } from './config.ts'
import { bot } from './service.ts'

await runService('bot', bot, readConfig)
