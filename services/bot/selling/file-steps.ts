import { type OwnProduct } from '../../../shared/db/own-products.ts'
import { findQuota } from '../../../shared/db/quotas.ts'
import { insertUploadLink } from '../../../shared/db/upload-links.ts'
import { mostChatFileBytes } from '../../../shared/domain/file-rules.ts'
import { type FileRefusal } from '../../../shared/domain/notice.ts'
import { changelogLimits, readChangelog } from '../../../shared/domain/product-text.ts'
import { receiveChatFile } from '../../../shared/messaging/receive-file.ts'
import { paragraphs } from '../../../shared/telegram/html.ts'
import { type FileLimitFacts } from '../../../shared/texts/facts.ts'
import { hashToken, newToken } from '../../../shared/web/link-token.ts'
import { type BotContext } from '../context.ts'
import { type Ask, type DocumentAnswer, go, refuse, type Step, type StepKey } from '../forms/define-form.ts'
import { linkButton } from '../keyboard.ts'
import {
  askAbout,
  before,
  findOwn,
  keepKeys,
  onward,
  type ProductFormData,
  type ProductNext,
  type ProductTurn,
  refuseGone,
} from './product-form-data.ts'

const limitsOf = ({ deps }: BotContext): FileLimitFacts => ({
  chatBytes: mostChatFileBytes,
  pageBytes: deps.config.maxFileBytes,
})

/** What buyers read of a new version; asked before the file, so that it is known whenever that is verified. */
export const changelogStep: Step<ProductFormData> = {
  ask: (ctx, data) =>
    askAbout(ctx, data, () => ({
      text: ctx.texts.productForm.askChangelog(changelogLimits),
      keys: [[{ text: ctx.texts.productForm.skip, choice: 'skip' }]],
    })),
  text: ({ ctx }, text) => {
    const line = readChangelog(text)
    const next =
      line.kind === 'refused'
        ? refuse(ctx.texts.productForm.textFault(line.fault, changelogLimits))
        : go<ProductFormData>('file', { changelog: line.text })
    return Promise.resolve(next)
  },
  pick: () => Promise.resolve(go<ProductFormData>('file', { changelog: '' })),
}

export const fileStep: Step<ProductFormData> = {
  back: (data) => before('file', data),
  rule: ({ productForm }) => productForm.fileRule,
  ask: (ctx, data) => askAbout(ctx, data, (own) => askFile(ctx, data, own)),
  document: takeFile,
  pick: async (turn, choice) => {
    if (choice === 'keep') return onward('file', turn.data)
    if (choice !== 'page') return refuse(turn.ctx.texts.productForm.buttonsRule)
    const own = await findOwn(turn)
    return own === undefined ? refuseGone(turn) : go('upload', { since: own.file?.number ?? 0 })
  },
}

function askFile(ctx: BotContext, data: ProductFormData, { file, nextFile, fileRefusal }: OwnProduct): Ask {
  const { productForm } = ctx.texts
  const current = nextFile ?? file
  const page: StepKey = { text: productForm.openPage, choice: 'page' }
  return {
    text: paragraphs(
      fileRefusal === null ? undefined : productForm.fileRefused(fileRefusal),
      productForm.askFile(limitsOf(ctx), current?.fileName ?? null),
    ),
    keys: [[page], ...keepKeys(ctx, data, current !== null)],
  }
}

async function takeFile(turn: ProductTurn, document: DocumentAnswer): Promise<ProductNext> {
  const { ctx, tx, data } = turn
  const { productForm } = ctx.texts
  if (document.sizeBytes > mostChatFileBytes) {
    return refuse(productForm.fileTooLarge(document.sizeBytes, limitsOf(ctx)))
  }
  const own = await findOwn(turn)
  if (own === undefined || ctx.person.status !== 'active') return refuseGone(turn)
  const sent = { ...document, seller: ctx.person.id, productId: own.id, changelog: data.changelog }
  const received = await receiveChatFile(tx, sent)
  if (received.kind === 'received') return onward('file', data)
  return received.kind === 'refused' ? refuseFile(turn, received.reason) : refuseGone(turn)
}

async function refuseFile({ ctx, tx }: ProductTurn, reason: FileRefusal): Promise<ProductNext> {
  const { productForm } = ctx.texts
  ctx.deps.log.info({ userId: ctx.person.id, reason: 'file.refused', why: reason }, 'a file is not taken')
  const quota = reason === 'quota' ? await findQuota(tx, ctx.person.id) : undefined
  if (quota === undefined) return refuse(productForm.fileRefused(reason))
  return refuse(productForm.quotaFull(quota.usedBytes + quota.reservedBytes, quota.quotaBytes))
}

/** The way to the upload page. Only the hash of a link is stored, so each look makes a new one. */
export const uploadStep: Step<ProductFormData> = {
  back: () => 'file',
  rule: ({ productForm }) => productForm.buttonsRule,
  ask: (ctx, data) => askAbout(ctx, data, (own) => askUpload(ctx, data, own)),
  pick: async (turn) => {
    const own = await findOwn(turn)
    if (own === undefined) return refuseGone(turn)
    const hasArrived = own.nextFile !== null || (own.file?.number ?? 0) > turn.data.since
    if (hasArrived) return onward('file', turn.data)
    return own.fileRefusal === null ? refuse(turn.ctx.texts.productForm.nothingArrived) : go('file')
  },
}

async function askUpload(ctx: BotContext, { changelog }: ProductFormData, { id }: OwnProduct): Promise<Ask> {
  const { productForm } = ctx.texts
  const token = newToken()
  const link = { seller: ctx.person.id, productId: id, tokenHash: hashToken(token), changelog }
  if ((await insertUploadLink(ctx.deps.db, link)) === undefined) return { text: productForm.gone }
  return {
    text: productForm.askUpload(limitsOf(ctx)),
    keys: [
      [linkButton(productForm.goToPage, `${ctx.deps.config.publicUrl}/u#${token}`)],
      [{ text: productForm.pageDone, choice: 'done' }],
    ],
  }
}
