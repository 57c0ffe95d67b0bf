import { z } from 'zod'
import { defineEvent, type PayloadOf } from './define-event.ts'
import { imageId } from './fields.ts'

/** A seller sent a picture for a product: `media` prepares it. Published by whoever took it. */
export const coverReceived = defineEvent('cover.received', z.object({ imageId }))
export type CoverReceived = PayloadOf<typeof coverReceived>
