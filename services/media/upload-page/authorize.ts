import { type FastifyRequest } from 'fastify'
import { type Database } from '../../../shared/db/pool.ts'
import { takeToken } from '../../../shared/db/rate-buckets.ts'
import { findUploadLink, type UploadLink } from '../../../shared/db/upload-links.ts'
import { hashToken, isSameHash } from '../../../shared/web/link-token.ts'
import { refusals } from './refusals.ts'

const callsOfToken = { burst: 60, perSecond: 1 }
const callsOfAddress = { burst: 120, perSecond: 2 }

/**
 * Who calls: identity comes from the token in the header and from nowhere else. One nobody made, an old one and a revoked
 * one are answered alike, and whoever tries many is slowed down.
 */
export async function authorize(db: Database, request: FastifyRequest): Promise<UploadLink> {
  const token = /^Bearer ([A-Za-z0-9_-]{43})$/i.exec(request.headers.authorization ?? '')?.[1]
  const link = token === undefined ? undefined : await findLink(db, token)
  if (link === undefined) {
    await limitAddress(db, request)
    throw refusals.not_allowed()
  }
  if (!(await takeToken(db, `upload:${link.id}`, callsOfToken))) throw refusals.too_many_calls()
  return link
}

async function findLink(db: Database, token: string): Promise<UploadLink | undefined> {
  const hash = hashToken(token)
  const link = await findUploadLink(db, hash)
  return link !== undefined && isSameHash(link.tokenHash, hash) ? link : undefined
}

/** 120 calls a minute for whoever shows no valid token. */
export async function limitAddress(db: Database, { ip }: FastifyRequest): Promise<void> {
  if (!(await takeToken(db, `upload-page:${ip}`, callsOfAddress))) throw refusals.too_many_calls()
}
