import { count, oneOf, productCode } from '../button-arguments.ts'

const ofProduct = { product: productCode }

/** What a seller may change of a product, in the order of the form. */
export const productFields = ['title', 'description', 'category', 'price', 'cover', 'file'] as const

export type ProductField = (typeof productFields)[number]

/** The buttons of a seller's own products. `position` counts from 1. */
export const productButtons = {
  myProducts: {},
  myProductsAt: { position: count },
  myProduct: ofProduct,
  newProduct: {},
  continueDraft: ofProduct,
  editProduct: ofProduct,
  editField: { ...ofProduct, field: oneOf(...productFields) },
  activate: ofProduct,
  deactivate: ofProduct,
  deleteProduct: ofProduct,
  deleteNow: ofProduct,
}
