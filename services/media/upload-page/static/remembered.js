/** @typedef {{ id: string, print: string }} Begun */

const tokenKey = 'comptoir-upload-token'
const begunKey = 'comptoir-upload'

/**
 * The token of the link. It leaves the address, where others could read it, and stays in this tab for a reload; the link in
 * the chat brings it again.
 */
export function takeToken() {
  const given = /^#([A-Za-z0-9_-]{43})$/.exec(location.hash)?.[1]
  if (given === undefined) return attempt(() => sessionStorage.getItem(tokenKey)) ?? undefined
  const isKept = attempt(() => {
    sessionStorage.setItem(tokenKey, given)
    return true
  })
  if (isKept === true) history.replaceState(null, '', location.pathname)
  return given
}

/** What the file of an upload begun in this browser looked like. @param {string} id */
export function printOf(id) {
  const text = attempt(() => localStorage.getItem(begunKey))
  const begun = /** @type {Begun | undefined} */ (
    text === undefined || text === null ? undefined : attempt(() => JSON.parse(text))
  )
  return begun?.id === id ? begun.print : undefined
}

/** @param {Begun} begun */
export const remember = (begun) => attempt(() => localStorage.setItem(begunKey, JSON.stringify(begun)))

export const forget = () => attempt(() => localStorage.removeItem(begunKey))

/** A browser may refuse to keep anything: then less is remembered, and all else works. @template T @param {() => T} work */
function attempt(work) {
  try {
    return work()
  } catch {
    return undefined
  }
}
