import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import { inTransaction } from '../../../shared/db/pool.ts'
import { type UploadLink } from '../../../shared/db/upload-links.ts'
import {
  findOpenUpload,
  findReceivedState,
  findUploadSession,
  type UploadSession,
} from '../../../shared/db/upload-sessions.ts'
import { closeUpload } from '../../../shared/db/upload-steps.ts'
import { partCount } from '../../../shared/domain/upload.ts'
import { StorageRefused, StorageUnavailable } from '../../../shared/storage/errors.ts'
import { authorize } from './authorize.ts'
import { completeUpload, partsOf } from './complete-upload.ts'
import { freeParts } from './free-parts.ts'
import { openUpload, type OpenUploadDeps } from './open-upload.ts'
import { refusals } from './refusals.ts'
import { signParts } from './sign-parts.ts'

export type UploadRoutesDeps = OpenUploadDeps

/** A list of 640 parts takes 40 KB. */
const largestCompletion = 1024 * 1024

type Handler<Body> = (
  link: UploadLink,
  request: FastifyRequest<{ Params: { id: string }; Body: Body }>,
  reply: FastifyReply,
) => Promise<unknown>

/** `/api/uploads`: what the upload page asks for. Who asks is known from the token before a body is read. */
export function uploadRoutes(server: FastifyInstance, deps: UploadRoutesDeps): void {
  const links = new WeakMap<FastifyRequest, UploadLink>()
  void server.register((scope, _options, done) => {
    scope.addHook('onRequest', async (request, reply) => {
      const link = await authorize(deps.db, request)
      links.set(request, link)
      reply.headers({ 'cache-control': 'no-store', 'content-language': link.language })
    })
    const answer =
      <Body>(handler: Handler<Body>): ((request: FastifyRequest, reply: FastifyReply) => Promise<unknown>) =>
      async (request, reply) => {
        const link = links.get(request)
        if (link === undefined) throw refusals.not_allowed()
        return storageAware(deps, () => handler(link, request as Parameters<typeof handler>[1], reply))
      }
    scope.get(
      '/api/uploads/link',
      answer((link) => describeLink(deps, link)),
    )
    scope.post(
      '/api/uploads',
      answer((link, { body }, reply) => open(deps, link, body, reply)),
    )
    scope.post(
      '/api/uploads/:id/parts',
      answer((link, { params, body }) => sign(deps, link, params.id, body)),
    )
    scope.get(
      '/api/uploads/:id',
      answer((link, { params }) => describeUpload(deps, link, params.id)),
    )
    scope.post(
      '/api/uploads/:id/complete',
      { bodyLimit: largestCompletion },
      answer((link, { params, body }, reply) => complete(deps, link, params.id, body, reply)),
    )
    scope.delete(
      '/api/uploads/:id',
      answer((link, { params }, reply) => abort(deps, link, params.id, reply)),
    )
    done()
  })
}

/** What the bucket cannot do now may be asked again; a bucket that refuses us is the operator's to put right. */
async function storageAware<Result>({ log }: UploadRoutesDeps, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (err) {
    if (!(err instanceof StorageUnavailable || err instanceof StorageRefused)) throw err
    log.error({ err, code: 's3.down' }, 'an upload waits for the bucket')
    throw refusals.storage_busy()
  }
}

/** What the page shows before a file is chosen, and which upload it can go on with. */
async function describeLink({ db, maxFileBytes }: UploadRoutesDeps, link: UploadLink): Promise<unknown> {
  const session = await findOpenUpload(db, link)
  return {
    title: link.title,
    language: link.language,
    max_size: maxFileBytes,
    upload:
      session === undefined
        ? null
        : { ...announced(session), file_name: session.fileName, size: Number(session.sizeBytes) },
  }
}

const newUpload = z.object({ file_name: z.string().max(1_000), size: z.int().min(0) })

async function open(deps: UploadRoutesDeps, link: UploadLink, body: unknown, reply: FastifyReply): Promise<unknown> {
  const given = newUpload.safeParse(body)
  if (!given.success) {
    const isName = given.error.issues.some(({ path }) => path[0] === 'file_name')
    throw isName ? refusals.bad_name() : refusals.bad_request('size must be a whole number of bytes')
  }
  const session = await openUpload(deps, link, { name: given.data.file_name, sizeBytes: given.data.size })
  return reply.code(201).send(announced(session))
}

const announced = (session: UploadSession) => ({
  id: session.id,
  part_size: session.partBytes,
  parts: partCount(session),
  expires_at: session.expiresAt.toISOString(),
})

const wanted = z.object({ numbers: z.array(z.int().min(1)).min(1).max(20) })

async function sign(deps: UploadRoutesDeps, link: UploadLink, id: string, body: unknown): Promise<unknown> {
  const session = await find(deps, link, id)
  const given = wanted.safeParse(body)
  const isKnown = given.success && given.data.numbers.every((number) => number <= partCount(session))
  if (!isKnown) throw refusals.bad_request('numbers must be 1 to 20 numbers of parts of this upload')
  return { urls: await signParts(deps, session, given.data.numbers) }
}

async function describeUpload(deps: UploadRoutesDeps, link: UploadLink, id: string): Promise<unknown> {
  const session = await find(deps, link, id)
  const received = session.state === 'received' ? await findReceivedState(deps.db, session.fileId) : undefined
  const parts = session.state === 'open' ? await partsOf(deps.bucket, session) : []
  return {
    state: received?.state ?? session.state,
    uploaded: parts.map(({ number, sizeBytes, etag }) => ({ number, size: sizeBytes, etag })),
    rejected_reason: received?.rejectReason ?? null,
  }
}

const completion = z.object({
  parts: z.array(z.object({ number: z.int().min(1), etag: z.string().max(100) })).max(10_000),
  sha256: z.string().regex(/^[0-9a-f]{64}$/i),
})

async function complete(
  deps: UploadRoutesDeps,
  link: UploadLink,
  id: string,
  body: unknown,
  reply: FastifyReply,
): Promise<unknown> {
  const session = await find(deps, link, id)
  const given = completion.safeParse(body)
  if (!given.success)
    throw refusals.bad_request('parts must list number and etag of each part, sha256 64 hexadecimal digits')
  const parts = given.data.parts.map(({ number, etag }) => ({ number, etag: etag.replaceAll('"', '') }))
  await completeUpload(deps, link, { id: session.id, parts, sha256: given.data.sha256.toLowerCase() })
  return reply.code(202).send({ state: 'verifying' })
}

/** Gives an upload up. Doing it again changes nothing; what was received cannot be called back here. */
async function abort(deps: UploadRoutesDeps, link: UploadLink, id: string, reply: FastifyReply): Promise<unknown> {
  const session = await find(deps, link, id)
  await inTransaction(deps.db, (tx) => closeUpload(tx, session, { from: 'open', to: 'aborted' }))
  const after = await find(deps, link, id)
  if (after.state === 'completing' || after.state === 'received') throw refusals.already_received()
  await freeParts(deps, after)
  return reply.code(204).send()
}

async function find({ db }: UploadRoutesDeps, link: UploadLink, id: string): Promise<UploadSession> {
  const session = z.uuid().safeParse(id).success ? await findUploadSession(db, link, id) : undefined
  if (session === undefined) throw refusals.not_found()
  return session
}
