import { count, oneOf, productCode } from '../button-arguments.ts'

const ofProduct = { product: productCode }

/** The buttons of the library. `position` counts from 1. */
export const libraryButtons = {
  library: {},
  libraryAt: { position: count },
  owned: ofProduct,
  versions: ofProduct,
  sendFile: { ...ofProduct, version: oneOf('latest', 'bought') },
}
