import { choice, count } from '../button-arguments.ts'

/** The buttons of forms. `version` is that of the step they were shown with: a later step takes none of them. */
export const formButtons = {
  form: {},
  formPick: { version: count, choice },
  formBack: { version: count },
  formCancel: { version: count },
  formContinue: { version: count },
  formDiscard: { version: count },
}
