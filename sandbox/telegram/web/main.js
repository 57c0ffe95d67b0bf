import { readBotLink, readPageAddress } from './bot-links.js'
import { ChatPage } from './chat-page.js'
import { byId, element } from './element.js'
import { fullName } from './formats.js'
import { copyText, showError, showToast } from './notices.js'
import { listBots, listLinks, listPeople, RequestError } from './person-api.js'
import { PeoplePanel } from './people-panel.js'
import { openMenu } from './popup-menu.js'
import { fillInTexts, texts } from './texts.js'

/** @typedef {import('./person-api.js').Bot} Bot */
/** @typedef {import('./person-api.js').Person} Person */

const retryMs = 1500
const rememberedPerson = 'person'

/** @type {{ people: Person[], bots: Bot[], person: Person | undefined, bot: Bot | undefined }} */
const state = { people: [], bots: [], person: undefined, bot: undefined }

fillInTexts()

const chat = new ChatPage({ openBot: openBotLink, share, onGone: () => void begin() })
const panel = new PeoplePanel({
  choosePerson: (person) => open(person, state.bot),
  chooseBot: (bot) => open(state.person, bot),
  added: (person) => {
    state.people = [...state.people, person]
    open(person, state.bot)
  },
})

await begin()

/** Learns who is here, and opens the chat that the page's address asks for. */
async function begin() {
  try {
    const [bots, people, links] = await Promise.all([listBots(), listPeople(), listLinks()])
    Object.assign(state, { bots, people })
    panel.showLinks(links)
    chat.links = links
  } catch (error) {
    beginLater(error)
    return
  }
  showBanner(undefined)
  const address = readPageAddress(location.href)
  const person = state.people.find(({ id }) => id === address.personId)
  if (person === undefined && !Number.isNaN(address.personId)) showToast(texts.noSuchPerson, { isError: true })
  const bot = state.bots.find(({ username }) => isSameName(username, address.username ?? ''))
  open(person ?? usualPerson(), bot ?? state.bots[0], address.start)
}

/** @param {unknown} error */
function beginLater(error) {
  if (error instanceof RequestError && error.status === 0) showBanner(texts.away)
  else showError(error)
  setTimeout(() => void begin(), retryMs)
}

/** The one this browser was last, else the first. */
function usualPerson() {
  const remembered = Number(localStorage.getItem(rememberedPerson))
  return state.people.find(({ id }) => id === remembered) ?? state.people[0]
}

/**
 * @param {Person | undefined} person
 * @param {Bot | undefined} bot
 * @param {string} [payload]
 */
function open(person, bot, payload) {
  const isSame = person !== undefined && person.id === state.person?.id && bot?.id === state.bot?.id
  Object.assign(state, { person, bot })
  panel.show(state)
  showEmptiness(person, bot)
  if (person === undefined || bot === undefined) return
  localStorage.setItem(rememberedPerson, String(person.id))
  history.replaceState(null, '', pageAddress(person, bot))
  if (!isSame || payload === undefined) chat.open(person, bot, payload)
  else chat.start(payload)
}

/**
 * @param {Person} person
 * @param {Bot} bot
 */
function pageAddress(person, bot) {
  const isFirst = bot.id === state.bots[0]?.id
  return `/?person=${person.id}${isFirst ? '' : `&bot=${encodeURIComponent(bot.username)}`}`
}

/**
 * @param {Person | undefined} person
 * @param {Bot | undefined} bot
 */
function showEmptiness(person, bot) {
  const welcome = byId('welcome')
  if (bot === undefined) {
    welcome.replaceChildren(element('b', {}, texts.noBots), element('p', {}, texts.noBotsHint))
    setTimeout(() => void begin(), retryMs)
  } else if (person === undefined) {
    welcome.replaceChildren(element('p', {}, texts.noPeople))
    panel.open()
  }
  welcome.hidden = person !== undefined && bot !== undefined
}

/**
 * Whether the link is for a bot that lives here, in which case its chat is open now.
 * @param {import('./bot-links.js').BotLink} link
 * @param {Person} [person]
 */
function openBotLink({ username, start }, person = state.person) {
  const bot = state.bots.find((each) => isSameName(each.username, username))
  if (bot === undefined) return false
  if (start !== undefined || bot.id !== state.bot?.id || person?.id !== state.person?.id) open(person, bot, start)
  return true
}

/**
 * There are no chats between people here: whoever is given a link to a bot opens it at once.
 * @param {{ url: string, text: string }} shared
 */
function share({ url, text }) {
  const link = readBotLink(url)
  const others = link === undefined ? [] : state.people.filter(({ id }) => id !== state.person?.id)
  /** @type {import('./popup-menu.js').MenuEntry[]} */
  const entries = others.map((person) => ({
    text: `${texts.openAs} ${fullName(person)}`,
    icon: 'people',
    run: () => void (link !== undefined && openBotLink(link, person)),
  }))
  entries.push({ text: texts.copyLink, icon: 'copy', run: () => void copyText(url) })
  entries.push({ text: texts.writeHere, icon: 'send', run: () => chat.suggest(`${url}\n${text}`.trim()) })
  openMenu(entries, { x: innerWidth / 2, y: innerHeight / 3 })
}

/**
 * @param {string} name
 * @param {string} other
 */
function isSameName(name, other) {
  return name.toLowerCase() === other.toLowerCase()
}

/** @param {string | undefined} text */
function showBanner(text) {
  const banner = byId('banner')
  banner.hidden = text === undefined
  banner.replaceChildren(...(text === undefined ? [] : [element('span', { class: 'spinner' }), text]))
}
