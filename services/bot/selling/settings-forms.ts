import { z } from 'zod'
import { findSellerAccount, type SellerAccount } from '../../../shared/db/seller-accounts.ts'
import { type Change, setAddress, setBio, setShopName } from '../../../shared/db/seller-changes.ts'
import { type CleanedText, type TextFault, type TextLimits } from '../../../shared/domain/product-text.ts'
import { bioLimits, readBio, readShopName, shopNameLimits } from '../../../shared/domain/shop-profile.ts'
import { readSolanaAddress, type SolanaAddress } from '../../../shared/domain/solana-address.ts'
import { type Html, paragraphs } from '../../../shared/telegram/html.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { buttonData } from '../buttons.ts'
import { type BotContext } from '../context.ts'
import {
  defineForm,
  end,
  type Form,
  type FormName,
  type Next,
  refuse,
  type Step,
  type Turn,
} from '../forms/define-form.ts'
import { askCode, askedCode, codeStep } from '../mail/prove-address.ts'
import { confirmSteps, takeAddress } from './address-steps.ts'
import { tellChanges } from './tell-changes.ts'

const settingData = z.object({
  candidate: z.string().optional(),
  isOrdinary: z.boolean().optional(),
  code: askedCode.optional(),
})

type SettingData = z.infer<typeof settingData>

const settingForm = (name: FormName, steps: Readonly<Record<string, Step<SettingData>>>): Form<SettingData> =>
  defineForm({ name, ttlHours: 24, data: settingData, leave: () => buttonData('settings'), steps })

/** Also when the account was closed meanwhile: the settings say where one stands. */
const afterChange = ({ desk }: Texts, { kind }: Change): Next<never> =>
  end(buttonData('settings'), kind === 'changed' ? desk.saved : desk.unchanged)

export const shopNameForm = settingForm('shopName', {
  name: {
    ask: async (ctx) => ({ text: ctx.texts.desk.askName((await current(ctx))?.name ?? '', shopNameLimits) }),
    text: (turn, text) =>
      withText(turn, readShopName(text), shopNameLimits, async (name) =>
        afterChange(turn.ctx.texts, await setShopName(turn.tx, turn.ctx.person.id, name)),
      ),
  },
})

export const shopBioForm = settingForm('shopBio', {
  bio: {
    ask: async (ctx) => ({
      text: ctx.texts.desk.askBio((await current(ctx))?.bio ?? '', bioLimits),
      keys: [[{ text: ctx.texts.desk.noBio, choice: 'none' }]],
    }),
    text: (turn, text) =>
      withText(turn, readBio(text), bioLimits, async (bio) =>
        afterChange(turn.ctx.texts, await setBio(turn.tx, turn.ctx.person.id, bio)),
      ),
    pick: async ({ ctx, tx }) => afterChange(ctx.texts, await setBio(tx, ctx.person.id, '')),
  },
})

/** Whoever has a verified e-mail address agrees with a code sent there, last and in the light of the address. */
export const shopAddressForm = settingForm('shopAddress', {
  address: {
    ask: async (ctx) => ({ text: paragraphs(ctx.texts.account.askAddress, await holdWarning(ctx)) }),
    text: takeAddress,
  },
  ...confirmSteps<SettingData>(undefined, async (turn, address) => {
    const now = await findSellerAccount(turn.tx, turn.ctx.person.id)
    const mustAgree = turn.ctx.deps.config.mail !== undefined && now?.isEmailVerified === true
    if (!mustAgree || now.email === null || now.address === address) return changeAddress(turn, address)
    return askCode(turn, 'code', { email: now.email, purpose: 'change address', about: address }, {})
  }),
  code: codeStep<SettingData>('code', 'address', (turn) => {
    const read = readSolanaAddress(turn.data.code?.about ?? '')
    if (read.kind === 'refused') throw new Error(`Expected an address in the form, got one that is ${read.fault.kind}`)
    return changeAddress(turn, read.address)
  }),
})

async function changeAddress({ ctx, tx }: Turn<SettingData>, address: SolanaAddress): Promise<Next<SettingData>> {
  const change = await setAddress(tx, ctx.person.id, address, ctx.deps.config.money.walletHoldHours)
  await tellChanges(tx, ctx.person.id, { address: change })
  return afterChange(ctx.texts, change)
}

const current = ({ deps, person }: BotContext): Promise<SellerAccount | undefined> =>
  findSellerAccount(deps.db, person.id)

/** A first address is paid to at once. */
async function holdWarning(ctx: BotContext): Promise<Html | undefined> {
  const { address = null } = (await current(ctx)) ?? {}
  return address === null ? undefined : ctx.texts.desk.holdWarning(ctx.deps.config.money.walletHoldHours)
}

async function withText(
  { ctx }: Turn<SettingData>,
  read: CleanedText,
  limits: TextLimits,
  keep: (text: string) => Promise<Next<SettingData>>,
): Promise<Next<SettingData>> {
  return read.kind === 'refused' ? refuse(faultText(ctx.texts, read.fault, limits)) : keep(read.text)
}

const faultText = ({ forms }: Texts, { kind, length }: TextFault, { least, most }: TextLimits): Html =>
  kind === 'too short' ? forms.tooShort(length, least) : forms.tooLong(length, most)
