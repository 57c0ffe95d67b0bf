import { type AnyForm } from '../forms/define-form.ts'

/** Every form of the shop: one that is not listed here expires at its next answer. */
export const sellingForms: readonly AnyForm[] = []
