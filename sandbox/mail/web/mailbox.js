/** @typedef {{ id: string, at: string, to: string, subject: string }} ListedMail */

const isFrench = navigator.language.startsWith('fr')
const words = isFrench
  ? {
      title: 'Boîte aux lettres',
      empty: 'Aucun e-mail pour le moment : il en arrive ici dès que la boutique en envoie.',
      some: 'Tout ce que la boutique envoie arrive ici, et nulle part ailleurs.',
      away: 'Le bac à sable est arrêté.',
      mail: 'E-mail',
    }
  : {
      title: 'Mailbox',
      empty: 'No e-mail yet: whatever the shop sends arrives here.',
      some: 'Whatever the shop sends arrives here, and nowhere else.',
      away: 'The sandbox has stopped.',
      mail: 'E-mail',
    }
const everyMs = 1000

/** @param {string} id */
function byId(id) {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`Expected #${id} in the page`)
  return found
}

const list = byId('mails')
const note = byId('note')
const frame = /** @type {HTMLIFrameElement} */ (byId('mail'))
let shown = ''
let known = ''

document.documentElement.lang = isFrench ? 'fr' : 'en'
document.title = words.title
byId('title').textContent = words.title
frame.title = words.mail

/** @param {string} id */
function open(id) {
  shown = id
  frame.src = `/mails/${encodeURIComponent(id)}`
  frame.hidden = false
  for (const button of list.querySelectorAll('button'))
    button.setAttribute('aria-current', String(button.dataset['id'] === id))
}

/** @param {ListedMail} mail */
function row({ id, at, to, subject }) {
  const [item, button, title, about] = ['li', 'button', 'strong', 'span'].map((tag) => document.createElement(tag))
  if (item === undefined || button === undefined || title === undefined || about === undefined) return ''
  title.textContent = subject
  about.textContent = `${to} · ${new Date(at).toLocaleTimeString()}`
  button.dataset['id'] = id
  button.append(title, about)
  button.addEventListener('click', () => {
    open(id)
  })
  item.append(button)
  return item
}

async function look() {
  const answer = await fetch('/api/mails')
  /** @type {ListedMail[]} */
  const mails = await answer.json()
  note.textContent = mails.length === 0 ? words.empty : words.some
  const [newest] = mails
  if (newest === undefined || newest.id === known) return
  known = newest.id
  list.replaceChildren(...mails.map(row))
  open(shown === '' || mails[1]?.id === shown ? newest.id : shown)
}

async function lookAgain() {
  await look().catch(() => {
    note.textContent = words.away
  })
  setTimeout(lookAgain, everyMs)
}

void lookAgain()
