import { type z } from 'zod'
import { type Queryable } from '../../../shared/db/pool.ts'
import { type Html } from '../../../shared/telegram/html.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { type BotContext, type Card } from '../context.ts'
import { type Key, type KeyStyle } from '../keyboard.ts'

/** One answer to a step: a message, or one of the buttons the step offers. */
export type Answer =
  | { readonly kind: 'text'; readonly text: string }
  | PhotoAnswer
  | DocumentAnswer
  | { readonly kind: 'pick'; readonly choice: string }
  /** A sticker, a voice, a place …: nothing any step takes. */
  | { readonly kind: 'other' }

/** The largest size of a photo. */
export type PhotoAnswer = {
  readonly kind: 'photo'
  readonly telegramFileId: string
  readonly sizeBytes: bigint
  readonly width: number
  readonly height: number
}

/** A file as it was named by its sender. */
export type DocumentAnswer = {
  readonly kind: 'document'
  readonly telegramFileId: string
  readonly fileName: string
  readonly sizeBytes: bigint
}

/** What a step has at hand: it writes through `tx`, together with the move of the form, and may be run again. */
export type Turn<Data> = { readonly ctx: BotContext; readonly tx: Queryable; readonly data: Data }

/** Where an answer leads. */
export type Next<Data> =
  | { readonly kind: 'refused'; readonly why: Html }
  | { readonly kind: 'go'; readonly step: string; readonly patch: Partial<Data> }
  /** The form is over; `shows` is the button that draws what comes after it, `says` a plain line about it. */
  | { readonly kind: 'end'; readonly shows: string; readonly says?: string }

/** The same step again, with the rule that was not met. */
export const refuse = (why: Html): Next<never> => ({ kind: 'refused', why })
export const go = <Data>(step: string, patch: Partial<Data> = {}): Next<Data> => ({ kind: 'go', step, patch })
export const end = (shows: string, says?: string): Next<never> => ({
  kind: 'end',
  shows,
  ...(says === undefined ? {} : { says }),
})

/** A button of a step: an answer (`choice` of `A-Za-z0-9_-`, at most 30), or any other button. */
export type StepKey = { readonly text: string; readonly choice: string; readonly style?: KeyStyle } | Key

export type Ask = {
  readonly text: Html
  /** The picture above; the shop's own unless told. */
  readonly picture?: Card['picture']
  readonly keys?: readonly (readonly StepKey[])[]
}

/** One question. A kind of answer without a function is answered with `rule` (or "a written answer, please"). */
export type Step<Data extends object> = {
  /** Shown as "3/6" when the form has several numbered steps. */
  readonly number?: number
  /** Where Back leads; at a first step it leaves the form. */
  back?(data: Data): string | undefined
  ask(ctx: BotContext, data: Data): Ask | Promise<Ask>
  rule?(texts: Texts): Html
  text?(turn: Turn<Data>, text: string): Promise<Next<Data>>
  photo?(turn: Turn<Data>, photo: PhotoAnswer): Promise<Next<Data>>
  document?(turn: Turn<Data>, document: DocumentAnswer): Promise<Next<Data>>
  pick?(turn: Turn<Data>, choice: string): Promise<Next<Data>>
}

/** The forms there are, by what the catalogues call them. */
export type FormName = keyof Texts['forms']['titles']

/**
 * A form: steps by name, and what was answered so far (`data`, plain JSON) as a row in the database. Answers are texts, files
 * and the buttons of the step; each either moves the form, in the transaction of what it writes, or is refused.
 */
export type Form<Data extends object> = {
  readonly name: FormName
  /** How long it waits for the next answer. */
  readonly ttlHours: number
  readonly data: z.ZodType<Data>
  readonly steps: Readonly<Record<string, Step<Data>>>
  /** The button that draws what is shown when the form is left. */
  leave(data: Data): string
  /** Said when it is left, in plain text; "cancelled, nothing was saved" unless told. */
  left?(texts: Texts): string
  /** Said when an answer comes too late. */
  expired?(texts: Texts): Html
  /** Whether opening the form with these data is about the same thing as the form that is open already. */
  isSame?(open: Data, asked: Data): boolean
}

/** Typed by its data while it is written, and held by the registry whatever they are. */
export const defineForm = <Data extends object>(form: Form<Data>): Form<Data> => form

export type AnyForm = Form<object>

/** The data of a row, if it is still what this release of the form keeps. */
export const readData = (form: AnyForm, data: unknown): object | undefined => form.data.safeParse(data).data
