import { z } from 'zod'
import { defineEvent, type PayloadOf } from './define-event.ts'
import { fileId } from './fields.ts'

/** A seller sent a file for a product: `media` fetches and verifies it. Published by whoever took it. */
export const fileReceived = defineEvent('file.received', z.object({ fileId }))
export type FileReceived = PayloadOf<typeof fileReceived>
