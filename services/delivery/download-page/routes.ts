import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { type Logger } from 'pino'
import { countLinkUse, type DownloadLink, findDownloadLink } from '../../../shared/db/download-links.ts'
import { type Database, inTransaction, isDatabaseAway } from '../../../shared/db/pool.ts'
import { takeToken } from '../../../shared/db/rate-buckets.ts'
import { reportDamage } from '../../../shared/messaging/report-damage.ts'
import { type ObjectStore } from '../../../shared/storage/object-store.ts'
import {
  awayPage,
  busyPage,
  gonePage,
  linkPage,
  problemPage,
  styleHash,
  tooFastPage,
  tooManyPage,
  unknownPage,
} from './page.ts'
import { hashToken, looksLikeToken } from '../../../shared/web/link-token.ts'

export type DownloadPageDeps = { readonly db: Database; readonly bucket: ObjectStore; readonly log: Logger }

const oneGigabyte = 1_073_741_824n
const hour = 3600

/** `/d/<token>`: looking changes nothing, the button counts a download and leads to a short-lived signed address. */
export function downloadRoutes(server: FastifyInstance, deps: DownloadPageDeps): void {
  const errorHandler = answerFailure(deps.log)
  server.get<Route>('/d/:token', { errorHandler }, (request, reply) => show(deps, request, reply))
  server.post<Route>('/d/:token', { errorHandler }, (request, reply) => start(deps, request, reply))
  // The form posts no fields; whatever body comes is not read.
  server.addContentTypeParser('application/x-www-form-urlencoded', (_request, _payload, done) => {
    done(null, undefined)
  })
}

type Route = { Params: { token: string } }
type Request = FastifyRequest<Route>

/** What goes wrong here is told to a person, not to a program. */
const answerFailure =
  (log: Logger) =>
  (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    if (error instanceof Error && 'statusCode' in error && Number(error.statusCode) < 500) throw error
    log[isDatabaseAway(error) ? 'warn' : 'error']({ err: error, method: request.method }, 'a download page failed')
    void page(reply.header('retry-after', '60'), 503, awayPage())
  }

const looks = { burst: 120, perSecond: 2 }

async function show({ db }: DownloadPageDeps, { params, ip }: Request, reply: FastifyReply): Promise<FastifyReply> {
  if (!(await takeToken(db, `page:${ip}`, looks))) return page(reply.header('retry-after', '60'), 429, tooFastPage())
  const link = looksLikeToken(params.token) ? await findDownloadLink(db, hashToken(params.token)) : undefined
  if (link === undefined) return page(reply, 404, unknownPage())
  return link.state === 'open' ? page(reply, 200, linkPage(link)) : page(reply, 410, gonePage(link))
}

/** A press counts once the bucket has the file to give. Nothing is counted for a file that cannot be had just now. */
async function start(deps: DownloadPageDeps, { params }: Request, reply: FastifyReply): Promise<FastifyReply> {
  if (!looksLikeToken(params.token)) return page(reply, 404, unknownPage())
  const tokenHash = hashToken(params.token)
  const link = await findDownloadLink(deps.db, tokenHash)
  if (link === undefined) return page(reply, 404, unknownPage())
  if (link.state !== 'open') return page(reply, 410, gonePage(link))
  const found = await lookFor(deps, link)
  if (found === 'no answer') return page(reply.header('retry-after', '60'), 503, busyPage(link))
  if (found === 'damaged') return page(reply, 503, await reportAndSay(deps, link))
  const counted = await countLinkUse(deps.db, tokenHash)
  switch (counted.kind) {
    case 'unknown':
      return page(reply, 404, unknownPage())
    case 'closed':
      return page(reply, 410, gonePage(counted.link))
    case 'too many':
      return page(reply.header('retry-after', String(counted.retryAfterSeconds)), 429, tooManyPage(link))
    case 'counted':
      deps.log.info({ orderId: counted.link.orderId }, 'download started')
      return reply
        .code(303)
        .header('location', await signedAddress(deps.bucket, counted.link))
        .header('cache-control', 'no-store')
        .send()
  }
}

const bucketDeadlineMs = 3_000

type Found = 'whole' | 'damaged' | 'no answer'

async function lookFor({ bucket, log }: DownloadPageDeps, link: DownloadLink): Promise<Found> {
  if (link.isDamaged) return 'damaged'
  try {
    const head = await bucket.head(link.objectKey, { signal: AbortSignal.timeout(bucketDeadlineMs) })
    return head !== undefined && BigInt(head.sizeBytes) === link.sizeBytes ? 'whole' : 'damaged'
  } catch (err) {
    log.warn({ err, orderId: link.orderId, code: 's3.down' }, 'the bucket does not answer a download')
    return 'no answer'
  }
}

/** Whoever presses may be the first to find an original gone: then people hear of it, and it is sold no more. */
async function reportAndSay({ db, log }: DownloadPageDeps, link: DownloadLink): Promise<string> {
  const { orderId, fileId } = link
  log.error({ orderId, code: 'integrity.failed' }, 'the file of a download link is missing or altered')
  await inTransaction(db, (tx) => reportDamage(tx, fileId, 'a download link found it missing or altered'))
  return problemPage(link)
}

const signedAddress = (bucket: ObjectStore, link: DownloadLink): Promise<string> =>
  bucket.signDownload(link.objectKey, {
    fileName: link.fileName,
    contentType: link.contentType,
    expiresInSeconds: link.sizeBytes > oneGigabyte ? 6 * hour : hour,
  })

function page(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('x-content-type-options', 'nosniff')
    .header('x-robots-tag', 'noindex')
    .header(
      'content-security-policy',
      // The form leads through a redirect to the bucket, whatever its host is.
      `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'none'; base-uri 'none'`,
    )
    .send(html)
}
