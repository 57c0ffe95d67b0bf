import { canModerate, type ModeratedPerson, type ModeratedProduct } from '../../../shared/db/moderation.ts'
import { personMeasures, productMeasures } from '../../../shared/domain/moderation.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { markOf } from '../button-arguments.ts'
import { buttonData } from '../buttons.ts'
import { type Card } from '../context.ts'
import { button } from '../keyboard.ts'

/** One product, and what may be done about it as it is. */
export const productCard = (product: ModeratedProduct, { admin, moderation }: Texts): Card => ({
  at: buttonData('modProduct', { product: product.code }),
  picture: 'neutral',
  text: moderation.product(product),
  keyboard: [
    ...productMeasures
      .filter((measure) => canModerate(measure, product))
      .map((measure) => [
        button(moderation.productMeasures[measure], 'measureProduct', {
          product: product.code,
          measure,
          seen: markOf(product.standing),
        }),
      ]),
    [button(moderation.seller, 'modPerson', { person: product.sellerId })],
    [button(admin.back, 'admin')],
  ],
})

/** One person, and what may be done about them. */
export const personCard = (who: ModeratedPerson, { admin, moderation }: Texts): Card => ({
  at: buttonData('modPerson', { person: who.id }),
  picture: 'neutral',
  text: moderation.person(who),
  keyboard: [
    ...personMeasures
      .filter((measure) => who.status === (measure === 'suspend' ? 'active' : 'suspended'))
      .map((measure) => [
        button(moderation.personMeasures[measure], 'measurePerson', {
          person: who.id,
          measure,
          seen: markOf(who.standing),
        }),
      ]),
    [button(admin.back, 'admin')],
  ],
})
