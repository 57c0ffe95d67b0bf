import { countCharacters } from '../entities/text.ts'
import { badRequest } from '../errors.ts'
import { type Method } from '../world.ts'
import { readLanguage } from './my-commands.ts'

type Field = {
  param: 'name' | 'description' | 'short_description'
  store: 'names' | 'descriptions' | 'shortDescriptions'
  max: number
}

const nameField: Field = { param: 'name', store: 'names', max: 64 }
const descriptionField: Field = { param: 'description', store: 'descriptions', max: 512 }
const shortField: Field = { param: 'short_description', store: 'shortDescriptions', max: 120 }

/** Sets a text for a language; an empty text removes it. */
const setter =
  ({ param, store, max }: Field): Method =>
  ({ world, bot, params }) => {
    const language = readLanguage(params)
    const text = params.text(param)
    if (countCharacters(text) > max) throw badRequest(`${param.toUpperCase()}_TOO_LONG`)
    const { [language]: _replaced, ...others } = bot[store]
    bot[store] = text === '' ? others : { ...others, [language]: text }
    world.bots.save(bot)
    return true
  }

/** Reads a text in a language, or the one for everybody else. */
const getter =
  ({ param, store }: Field): Method =>
  ({ bot, params }) => {
    const fallback = param === 'name' ? bot.firstName : ''
    return { [param]: bot[store][readLanguage(params)] ?? bot[store][''] ?? fallback }
  }

export const setMyName = setter(nameField)
export const getMyName = getter(nameField)
export const setMyDescription = setter(descriptionField)
export const getMyDescription = getter(descriptionField)
export const setMyShortDescription = setter(shortField)
export const getMyShortDescription = getter(shortField)
