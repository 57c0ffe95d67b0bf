import { escape, type Html } from '../telegram/html.ts'
import { cut } from '../telegram/text-length.ts'

const longestTitle = 100
const longestName = 50
const longestSaying = 300

/** What people typed, shown literally and never longer than our own rules allow. */
export const title = (text: string): Html => escape(cut(text, longestTitle))
export const name = (text: string): Html => escape(cut(text, longestName))
export const saying = (text: string): Html => escape(cut(text, longestSaying))
