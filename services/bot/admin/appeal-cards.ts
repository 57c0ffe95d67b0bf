import { type Appeal } from '../../../shared/db/appeals.ts'
import { escape } from '../../../shared/telegram/html.ts'
import { type Texts } from '../../../shared/texts/index.ts'
import { markOf } from '../button-arguments.ts'
import { buttonData } from '../buttons.ts'
import { type Card } from '../context.ts'
import { button, styled } from '../keyboard.ts'
import { numbered, pageKeys, type Paged, perPage } from './case-cards.ts'

/** What people say against measures, oldest first. */
export const appealsCard = (list: Paged<Appeal>, { admin, appeals }: Texts): Card => ({
  at: buttonData('appeals', { page: list.page }),
  picture: 'neutral',
  text: list.count === 0 ? appeals.none : appeals.list(list.count, list.page * perPage + 1, list.shown),
  keyboard: [
    ...numbered(list, ({ id }, label) => button(label, 'openAppeal', { appeal: id })),
    pageKeys(list, (label, to) => button(label, 'appeals', { page: to })),
    [button(admin.back, 'admin')],
  ],
})

/** One appeal with its words. To grant it is to restore what was taken off, by the form that asks once more. */
export function appealCard(appeal: Appeal, { appeals }: Texts): Card {
  const { id, personId: person, product, isRestorable } = appeal
  const asked = { measure: 'restore', seen: markOf(appeal.standing) } as const
  const grant =
    product === null
      ? button(appeals.grant, 'measurePerson', { person, ...asked })
      : button(appeals.grant, 'measureProduct', { product: product.code, ...asked })
  const text = appeals.one(appeal)
  const isWhole = text.includes(escape(appeal.words))
  return {
    at: buttonData('openAppeal', { appeal: id }),
    picture: 'neutral',
    text,
    keyboard: [
      isWhole ? [] : [button(appeals.readAll, 'readAppeal', { appeal: id })],
      [
        ...(isRestorable ? [styled(grant, 'success')] : []),
        button(appeals.refuse, 'refuseAppeal', { appeal: id, length: appeal.length }),
      ],
      [
        ...(product === null ? [] : [button(appeals.toProduct, 'modProduct', { product: product.code })]),
        button(appeals.toPerson, 'modPerson', { person }),
      ],
      [button(appeals.toAppeals, 'appeals', { page: 0 })],
    ],
  }
}
