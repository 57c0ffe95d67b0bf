import { z } from 'zod'
import { defineEvent, type PayloadOf } from './define-event.ts'
import { productId } from './fields.ts'

/** A picture or copy of a product is not where it should be: `media` repairs it. Published by whoever missed it. */
export const mediaMissing = defineEvent('media.missing', z.object({ productId }))
export type MediaMissing = PayloadOf<typeof mediaMissing>
