import { byId, element } from './element.js'
import { attempt } from './notices.js'
import { addFault, listFaults, removeFault } from './simulator.js'
import { words } from './words.js'

/** @typedef {keyof typeof words.faults} FaultKind */

/** @type {{ name: keyof typeof words.faultGroups, kinds: FaultKind[] }[]} */
const groups = [
  { name: 'notifications', kinds: ['drop', 'duplicate', 'reorder', 'delay', 'forge'] },
  { name: 'api', kinds: ['throttle', 'server-error', 'timeout', 'reset', 'lost-reply', 'coin-unavailable'] },
  {
    name: 'shapes',
    kinds: [
      'all-strings',
      'string-amounts',
      'fee-as-strings',
      'zero-paid',
      'small-fees',
      'unknown-status',
      'unsorted',
      'without-updated-at',
      'extra-ids-array',
      'child-without-order-id',
      'wrong-asset-status',
    ],
  },
]

/** Switches for what may go wrong; each stays on until it is switched off. */
export class Trouble {
  /** @type {Map<string, HTMLButtonElement>} */
  #switches = new Map()
  /** @type {import('./simulator.js').Fault[]} */
  #faults = []

  constructor() {
    const drawn = groups.map(({ name, kinds }) =>
      element(
        'div',
        { class: 'trouble-group', role: 'group', 'aria-label': words.faultGroups[name] },
        element('h3', {}, words.faultGroups[name]),
        element('div', { class: 'switches' }, ...kinds.map((kind) => this.#switch(kind))),
      ),
    )
    const note = element('p', { class: 'soft' }, words.troubleNote)
    byId('trouble').replaceChildren(element('h2', {}, words.trouble), note, ...drawn)
  }

  /** Shows what is set at the simulator, by this page or by anybody. */
  async refresh() {
    this.#faults = await listFaults()
    for (const [kind, button] of this.#switches) button.setAttribute('aria-pressed', String(this.#of(kind).length > 0))
  }

  /** @param {string} kind */
  #of(kind) {
    return this.#faults.filter((fault) => fault.kind === kind)
  }

  /** @param {FaultKind} kind */
  #switch(kind) {
    const press = () => attempt(() => this.#toggle(kind))
    const properties = { type: 'button', class: 'switch', 'data-fault': kind, 'aria-pressed': 'false', onclick: press }
    const button = element('button', properties, words.faults[kind])
    this.#switches.set(kind, button)
    return button
  }

  /** @param {FaultKind} kind */
  async #toggle(kind) {
    const active = this.#of(kind)
    if (active.length === 0) await addFault(kind)
    for (const { id } of active) await removeFault(id)
    await this.refresh()
  }
}
