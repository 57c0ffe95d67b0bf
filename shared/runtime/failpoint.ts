/** Every place between two effects has a name. The fault matrix kills, throws and hangs at each of them. */
export const failpoints = [
  'ipn.verified',
  'ipn.kept',
  'ipn.answered',
  'ipn.re-read',
  'ipn.recorded',
  'ipn.committed',
  'relay.claimed',
  'relay.published',
  'relay.marked-sent',
  'delivery.requested',
  'delivery.claimed',
  'delivery.read',
  'delivery.uploaded',
  'delivery.shown',
  'delivery.told',
  'delivery.marked',
  'delivery.acknowledged',
  'delivery.replaced',
  'bot.update-stored',
  'bot.handled',
  'bot.order-stored',
  'bot.payment-made',
  'bot.message-sent',
  'bot.message-id-stored',
  'notice.claimed',
  'notice.sent',
  'mail.claimed',
  'mail.sent',
  'media.fetched',
  'media.prepared',
  'media.recorded',
  'media.file-claimed',
  'media.file-fetched',
  'media.file-stored',
  'media.file-recorded',
  'media.file-inspected',
  'media.file-marked',
  'media.cover-claimed',
  'media.cover-rendered',
  'media.cover-stored',
  'media.cover-marked',
  'media.upload-reserved',
  'media.upload-begun',
  'media.upload-opened',
  'media.upload-completing',
  'media.upload-joined',
  'media.upload-received',
  'janitor.chore-begun',
  'janitor.product-purged',
  'janitor.object-removed',
  'janitor.orphan-removed',
  'janitor.upload-expired',
  'janitor.parts-freed',
  'janitor.chore-done',
  'restore.loaded',
] as const

export type Failpoint = (typeof failpoints)[number]

let reached: ((name: Failpoint) => Promise<void>) | undefined

/** Does nothing, unless a module loaded before the service armed it. */
export async function failpoint(name: Failpoint): Promise<void> {
  if (reached !== undefined) await reached(name)
}

/** For `test/faults/arm.ts` alone. */
export function armFailpoints(onReached: (name: Failpoint) => Promise<void>): void {
  reached = onReached
}
