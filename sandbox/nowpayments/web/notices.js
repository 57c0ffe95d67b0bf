import { byId } from './element.js'
import { Refused } from './simulator.js'
import { words } from './words.js'

const toastMs = 4000
let toastTimer = 0

/** A few words that go away by themselves. @param {string} text */
export function toast(text) {
  const place = byId('toast')
  place.textContent = text
  place.hidden = false
  clearTimeout(toastTimer)
  toastTimer = setTimeout(() => {
    place.hidden = true
  }, toastMs)
}

/** What stays true until it is taken back with an empty text. @param {string} text */
export function banner(text) {
  const place = byId('banner')
  place.textContent = text
  place.hidden = text === ''
}

/** Does it, or says why it could not be done. @param {() => Promise<unknown>} work */
export async function attempt(work) {
  try {
    await work()
  } catch (error) {
    toast(error instanceof Refused ? error.message : words.away)
  }
}

/** Puts text on the clipboard. @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    toast(words.copied)
  } catch {
    toast(words.copyFailed)
  }
}
