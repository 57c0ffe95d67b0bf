import { S3Client } from '@aws-sdk/client-s3'
import { classify } from './errors.ts'

export type BucketSettings = {
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  readonly keyId: string
  readonly applicationKey: string
  readonly forcePathStyle: boolean
}

/** Where signed links lead, as a browser names it. */
export function bucketOrigin({ endpoint, bucket, forcePathStyle }: BucketSettings): string {
  const { protocol, host } = new URL(endpoint)
  return forcePathStyle ? `${protocol}//${host}` : `${protocol}//${bucket}.${host}`
}

/** How long the bucket may keep us waiting. */
export type Patience = {
  readonly connectMs: number
  /** For the beginning of an answer, each try. */
  readonly answerMs: number
  /** For a small operation as a whole, tries included. */
  readonly callMs: number
  /** Between two pieces of a body. */
  readonly idleMs: number
}

export const usualPatience: Patience = { connectMs: 3_000, answerMs: 30_000, callMs: 60_000, idleMs: 30_000 }

/** One bucket, its client, and the way every operation calls it. */
export type Bucket = {
  readonly client: S3Client
  readonly name: string
  readonly patience: Patience
}

const unheard = (): void => undefined
/** Without one the client prints lines of its own, in no form of ours; all it says is thrown to us as well. */
const silent = { debug: unheard, info: unheard, warn: unheard, error: unheard }

export function openBucket(settings: BucketSettings, patience: Patience): Bucket {
  const client = new S3Client({
    endpoint: settings.endpoint,
    region: settings.region,
    forcePathStyle: settings.forcePathStyle,
    credentials: { accessKeyId: settings.keyId, secretAccessKey: settings.applicationKey },
    requestChecksumCalculation: 'WHEN_REQUIRED', // CRC32, the default, is refused by some stores
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 3,
    logger: silent,
    requestHandler: {
      connectionTimeout: patience.connectMs,
      requestTimeout: patience.answerMs,
      throwOnRequestTimeout: true, // it would only warn
    },
  })
  return { client, name: settings.bucket, patience }
}

export type CallOptions = {
  /** What the operator reads: "The bucket could not … just now". */
  readonly action: string
  readonly key?: string
  readonly signal?: AbortSignal | undefined
  readonly withinMs?: number
}

/** Runs one call with a deadline, and puts its failure into our own words. */
export async function call<Result>(
  { patience }: Bucket,
  { action, key = '', signal, withinMs = patience.callMs }: CallOptions,
  work: (abortSignal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const deadline = AbortSignal.timeout(withinMs)
  try {
    return await work(signal === undefined ? deadline : AbortSignal.any([signal, deadline]))
  } catch (error) {
    throw classify(error, action, key, signal)
  }
}
