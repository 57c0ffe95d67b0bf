import { byId, element } from './element.js'
import { fullName, initials } from './formats.js'
import { icon } from './icons.js'
import { openPersonDialog } from './person-dialog.js'
import { language, texts } from './texts.js'

/** @typedef {import('./person-api.js').Bot} Bot */
/** @typedef {import('./person-api.js').Person} Person */
/**
 * @typedef {object} PeopleHost
 * @property {(person: Person) => void} choosePerson
 * @property {(bot: Bot) => void} chooseBot
 * @property {(person: Person) => void} added
 */

const botColor = '#3390ec'
const narrow = matchMedia('(max-width: 820px)')

/** Who one can be and whom one can talk to: a column beside the chat, or a drawer where there is no room. */
export class PeoplePanel {
  #host
  #panel = byId('people')
  #opener = byId('open-people', HTMLButtonElement)

  /** @param {PeopleHost} host */
  constructor(host) {
    this.#host = host
    const add = byId('add-person', HTMLButtonElement)
    add.append(icon('plus'), texts.addPerson)
    add.addEventListener('click', () => this.#add())
    const close = byId('close-people', HTMLButtonElement)
    close.append(icon('close'))
    for (const closer of [close, byId('people-backdrop')]) closer.addEventListener('click', () => this.close())
    this.#opener.addEventListener('click', () => this.open())
    this.#panel.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.close()
    })
    narrow.addEventListener('change', () => this.close())
    this.#setOpen(false)
  }

  /**
   * @param {{ people: Person[], bots: Bot[], person: Person | undefined, bot: Bot | undefined }} state
   */
  show({ people, bots, person, bot }) {
    const hadFocus = this.#panel.querySelector('.choice:focus') !== null
    const peopleRows = people.map((each) => this.#personRow(each, each.id === person?.id))
    byId('people-list').replaceChildren(...peopleRows)
    byId('bots-section').hidden = bots.length < 2
    byId('bots-list').replaceChildren(...bots.map((each) => this.#botRow(each, each.id === bot?.id)))
    const current = this.#panel.querySelector('[aria-current]')
    if (hadFocus && current instanceof HTMLElement) current.focus({ preventScroll: true })
    this.#opener.replaceChildren(person === undefined ? icon('people') : personAvatar(person))
    const label = person === undefined ? texts.people : `${texts.switchPerson} ${fullName(person)}`
    this.#opener.setAttribute('aria-label', label)
  }

  /** @param {import('./person-api.js').SideLink[]} links */
  showLinks(links) {
    byId('side-links').replaceChildren(
      ...links.map(({ names, url }) =>
        element(
          'a',
          { class: 'side-link', href: url, target: '_blank', rel: 'noopener' },
          icon('link'),
          names[language],
        ),
      ),
    )
  }

  open() {
    this.#setOpen(true)
    byId('close-people').focus({ preventScroll: true })
  }

  close() {
    const hadFocus = this.#panel.contains(document.activeElement)
    this.#setOpen(false)
    if (hadFocus && narrow.matches) this.#opener.focus({ preventScroll: true })
  }

  #add() {
    openPersonDialog((person) => {
      this.close()
      this.#host.added(person)
    })
  }

  /** @param {boolean} isOpen */
  #setOpen(isOpen) {
    this.#panel.classList.toggle('open', isOpen)
    this.#panel.inert = narrow.matches && !isOpen
    this.#opener.setAttribute('aria-expanded', String(isOpen))
  }

  /**
   * @param {Person} person
   * @param {boolean} isCurrent
   */
  #personRow(person, isCurrent) {
    const { username, language_code: language } = person
    const about = username === undefined ? language : `@${username} · ${language}`
    return choice(personAvatar(person), fullName(person), about, isCurrent, () => {
      this.close()
      this.#host.choosePerson(person)
    })
  }

  /**
   * @param {Bot} bot
   * @param {boolean} isCurrent
   */
  #botRow(bot, isCurrent) {
    return choice(avatar(initials(bot), botColor), bot.first_name, `@${bot.username}`, isCurrent, () => {
      this.close()
      this.#host.chooseBot(bot)
    })
  }
}

/**
 * @param {HTMLElement} picture
 * @param {string} name
 * @param {string} about
 * @param {boolean} isCurrent
 * @param {() => void} choose
 */
function choice(picture, name, about, isCurrent, choose) {
  const title = element(
    'span',
    { class: 'choice-title' },
    element('b', { dir: 'auto' }, name),
    element('span', {}, about),
  )
  const button = element('button', { type: 'button', class: 'choice', onclick: choose }, picture, title)
  if (isCurrent) button.setAttribute('aria-current', 'true')
  return element('li', {}, button)
}

/** @param {Person} person */
const personAvatar = (person) => avatar(initials(person), person.color)

/**
 * Letters on a round of colour, for somebody without a picture.
 * @param {string} letters
 * @param {string} color
 */
export function avatar(letters, color = botColor) {
  const made = element('span', { class: 'avatar', 'aria-hidden': 'true' }, letters)
  made.style.setProperty('--color', color)
  return made
}
