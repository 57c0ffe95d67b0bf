import { count, oneOf, productCode } from '../button-arguments.ts'
import { listArgument } from './place.ts'

/** A product and where it was met: what Back leads to, and what to show when the product is gone. */
export const productPlace = { product: productCode, list: listArgument, position: count }

/** The buttons of the storefront. `position` counts from 1. */
export const storefrontButtons = {
  home: {},
  categories: {},
  browse: productPlace,
  list: { list: listArgument },
  product: productPlace,
  description: productPlace,
  preview: productPlace,
  search: {},
  languages: {},
  language: { language: oneOf('fr', 'en') },
  page: { page: oneOf('help', 'support', 'terms', 'privacy', 'paysupport') },
  nothing: {},
}
