import { type ProductId } from '../../../shared/domain/ids.ts'
import { id } from '../button-arguments.ts'

/** For those whose account or product was taken off. */
export const appealButtons = {
  appeal: {},
  appealProduct: { product: id<ProductId>() },
}
