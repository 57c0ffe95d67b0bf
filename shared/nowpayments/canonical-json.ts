import { type JsonTree } from './strict-json.ts'

type Spelled = { readonly name: string; readonly key: string; readonly value: JsonTree }

const isArrayIndex = (name: string): boolean => /^(?:0|[1-9]\d{0,9})$/.test(name) && Number(name) < 2 ** 32 - 1

/** JavaScript's own order: array indexes first and by number, then everything else by UTF-16 code units. */
function compareNames(left: string, right: string): number {
  const leftIsIndex = isArrayIndex(left)
  if (leftIsIndex !== isArrayIndex(right)) return leftIsIndex ? -1 : 1
  if (leftIsIndex) return Number(left) - Number(right)
  return left < right ? -1 : left > right ? 1 : 0
}

/** Keys sorted at every depth, no white space, every key and scalar exactly as it was spelled. */
export function lexemeText(tree: JsonTree): string {
  if (tree.kind === 'array') return `[${tree.items.map(lexemeText).join(',')}]`
  if (tree.kind !== 'object') return tree.spelling
  const members = tree.members.map(({ name, spelling, value }) => ({ name, key: spelling, value }))
  return objectText(members, lexemeText)
}

/** `JSON.stringify` of the deeply sorted object, as JavaScript would print it. */
export function jsText(tree: JsonTree): string {
  if (tree.kind === 'array') return `[${tree.items.map(jsText).join(',')}]`
  if (tree.kind === 'object') return objectText(printed(tree.members), jsText)
  return scalarText(tree)
}

/** The same, with each array as an object of its indexes: what the provider's own Node sample signs. */
export function jsDocText(tree: JsonTree): string {
  if (tree.kind === 'array') {
    return objectText(printed(tree.items.map((value, index) => ({ name: String(index), value }))), jsDocText)
  }
  if (tree.kind === 'object') return objectText(printed(tree.members), jsDocText)
  return scalarText(tree)
}

/** Whether JavaScript would print every number with the value it was spelled with. */
export function keepsEveryNumber(tree: JsonTree): boolean {
  if (tree.kind === 'array') return tree.items.every(keepsEveryNumber)
  if (tree.kind === 'object') return tree.members.every(({ value }) => keepsEveryNumber(value))
  return tree.kind !== 'number' || keepsItsValue(tree.spelling)
}

function keepsItsValue(spelling: string): boolean {
  const double = Number(spelling)
  return Number.isFinite(double) && normalForm(spelling) === normalForm(String(double))
}

const printed = (members: readonly { name: string; value: JsonTree }[]): Spelled[] =>
  members.map(({ name, value }) => ({ name, key: JSON.stringify(name), value }))

function objectText(members: readonly Spelled[], textOf: (value: JsonTree) => string): string {
  const sorted = [...members].sort((left, right) => compareNames(left.name, right.name))
  return `{${sorted.map(({ key, value }) => `${key}:${textOf(value)}`).join(',')}}`
}

function scalarText(tree: Extract<JsonTree, { spelling: string }>): string {
  if (tree.kind === 'string') return JSON.stringify(tree.value)
  return tree.kind === 'number' ? JSON.stringify(Number(tree.spelling)) : tree.spelling
}

/** Significant digits and power of ten, so that two spellings of one value become equal without being written out. */
function normalForm(spelling: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(spelling) ?? []
  const digits = (whole + fraction).replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return '0'
  const power = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - significant.length)
  return `${sign}${significant}e${power}`
}
