import { z } from 'zod'
import { findSellerAccount, type SellerAccount } from '../../../shared/db/seller-accounts.ts'
import { type Change, lockEmail, setAddress, setBio, setEmail, setShopName } from '../../../shared/db/seller-changes.ts'
import { readEmail } from '../../../shared/domain/email.ts'
import { type CleanedText, type TextFault, type TextLimits } from '../../../shared/domain/product-text.ts'
import { bioLimits, readBio, readShopName, shopNameLimits } from '../../../shared/domain/shop-profile.ts'
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
import { type AddressData, confirmSteps, takeAddress } from './address-steps.ts'
import { tellChanges } from './tell-changes.ts'

const settingData = z.object({ candidate: z.string().optional(), isOrdinary: z.boolean().optional() })

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

export const shopEmailForm = settingForm('shopEmail', {
  email: {
    ask: async (ctx) => ({ text: ctx.texts.desk.askNewEmail((await current(ctx))?.email ?? null) }),
    text: takeNewEmail,
  },
})

export const shopAddressForm = settingForm('shopAddress', {
  address: {
    ask: async (ctx) => ({ text: paragraphs(ctx.texts.account.askAddress, await holdWarning(ctx)) }),
    text: takeAddress,
  },
  ...confirmSteps<AddressData>(undefined, async ({ ctx, tx }, address) => {
    const change = await setAddress(tx, ctx.person.id, address, ctx.deps.config.money.walletHoldHours)
    await tellChanges(tx, ctx.person.id, { address: change })
    return afterChange(ctx.texts, change)
  }),
})

const current = ({ deps, person }: BotContext): Promise<SellerAccount | undefined> =>
  findSellerAccount(deps.db, person.id)

/** A first address is paid to at once. */
async function holdWarning(ctx: BotContext): Promise<Html | undefined> {
  const { address = null } = (await current(ctx)) ?? {}
  return address === null ? undefined : ctx.texts.desk.holdWarning(ctx.deps.config.money.walletHoldHours)
}

async function takeNewEmail({ ctx, tx }: Turn<SettingData>, text: string): Promise<Next<SettingData>> {
  const { account } = ctx.texts
  const read = readEmail(text)
  if (read.kind === 'refused') return refuse(account.emailFault(read.fault))
  if (!(await lockEmail(tx, ctx.person.id, read.email))) return refuse(account.emailTaken)
  const change = await setEmail(tx, ctx.person.id, read.email, false)
  await tellChanges(tx, ctx.person.id, { email: change })
  return afterChange(ctx.texts, change)
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
