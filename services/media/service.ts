import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { waitForDatabase } from '../../shared/db/check-schema.ts'
import { startHeartbeat } from '../../shared/db/heartbeats.ts'
import { openPool } from '../../shared/db/pool.ts'
import { coverReceived, fileReceived, mediaMissing } from '../../shared/events/index.ts'
import { openBus } from '../../shared/messaging/bus.ts'
import { offerDrain, startOutboxRelay } from '../../shared/messaging/outbox-relay.ts'
import { startLoop } from '../../shared/runtime/loop.ts'
import { type ServiceContext } from '../../shared/runtime/service.ts'
import { bucketOrigin, openObjectStore } from '../../shared/storage/object-store.ts'
import { bucketCheck, watchBucket } from '../../shared/storage/watch-bucket.ts'
import { countTelegramPauses } from '../../shared/telegram/count-pauses.ts'
import { openTelegram } from '../../shared/telegram/client.ts'
import { introduce } from '../../shared/telegram/find-identity.ts'
import { listen } from '../../shared/web/http-server.ts'
import { createServiceServer, stopTaking } from '../../shared/web/service-server.ts'
import { type MediaConfig } from './config.ts'
import { prepareCover } from './prepare-cover.ts'
import { findPageTool } from './render-preview.ts'
import { repairMedia, type RepairMediaDeps } from './repair-media.ts'
import { syncPictures } from './sync-pictures.ts'
import { finishStuckUpload } from './upload-page/finish-upload.ts'
import { pageRoutes } from './upload-page/page-routes.ts'
import { uploadRoutes } from './upload-page/upload-routes.ts'
import { verifyUpload } from './verify-upload.ts'

const picturesAtOnce = 2
const transfersAtOnce = 2
/** Ten gigabytes at half a megabyte a second. */
const longestVerificationMs = 6 * 60 * 60 * 1000
const dayMs = 24 * 60 * 60 * 1000
const tryAgainMs = 5 * 60 * 1000

/** Keeps pictures where they belong: on the disk and in the bucket, or drawn when there is none. */
export async function media(context: ServiceContext<MediaConfig>): Promise<void> {
  const { config, log, own, fail, name, version, instance, stopping, figures } = context
  const db = own(openPool(config.database, log), (pool) => pool.end())
  const bucket = own(openObjectStore(config.storage, log), (bucket) => {
    bucket.close()
  })
  const onPause = countTelegramPauses(figures)
  const telegram = own(openTelegram({ ...config.telegram, log, onTokenRefused: fail, onPause }), (telegram) =>
    telegram.close(),
  )
  const bus = own(openBus({ servers: config.nats.servers, name, db, log }), (bus) => bus.close())

  const checks = [bucketCheck(own(watchBucket(bucket, log), (watch) => watch.stop()))]
  const server = own(
    await createServiceServer({ config: config.web, log, name, version, db, bus, figures, checks }),
    stopTaking,
  )
  const uploads = { db, bucket, log, maxFileBytes: config.maxFileBytes }
  uploadRoutes(server, uploads)
  await pageRoutes(server, { db, bucketOrigin: bucketOrigin(config.storage) })
  await listen(server, config.web)
  if (!(await waitForDatabase(db, log, stopping))) return
  const relay = own(startOutboxRelay(db, bus, log), (relay) => relay.stop())
  offerDrain(context.monitor, relay)
  own(startHeartbeat(db, { service: name, instance, version }), (heartbeat) => heartbeat.stop())
  own(
    startLoop(log, 'uploads', () => finishStuckUpload(uploads)),
    (loop) => loop.stop(),
  )
  own(server, stopTaking)
  void own(introduce(telegram, log, stopping), (introducing) => introducing)

  const pageTool = await findPageTool()
  if (pageTool === undefined) log.warn('pdftoppm is not installed: documents get no preview')
  const temporaryDir = join(config.uploadsDir, 'temp')
  const deps = { db, bucket, telegram, log, dataDir: config.dataDir, temporaryDir, pageTool }
  bus.subscribe(mediaMissing, { durable: 'media-media-missing', concurrency: picturesAtOnce }, (missing) =>
    repairMedia(deps, missing),
  )
  bus.subscribe(
    fileReceived,
    { durable: 'media-file-received', concurrency: transfersAtOnce, deadlineMs: longestVerificationMs },
    (received, { signal }) => verifyUpload(deps, received, signal),
  )
  bus.subscribe(coverReceived, { durable: 'media-cover-received', concurrency: 1 }, (received, { signal }) =>
    prepareCover(deps, received, signal),
  )
  void own(keepInStep(deps, stopping), (looking) => looking)
}

/** Looks at every picture at the start and then daily, in the background. */
async function keepInStep(deps: RepairMediaDeps, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    const isDone = await syncPictures(deps, stopping).then(
      ({ failed }) => failed === 0,
      (err: unknown) => {
        deps.log.warn({ err }, 'the pictures could not be looked at; it is tried again')
        return false
      },
    )
    await pause(isDone ? dayMs : tryAgainMs, undefined, { signal: stopping }).catch(() => undefined)
  }
}
