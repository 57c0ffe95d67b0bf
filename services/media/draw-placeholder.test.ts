import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { drawPlaceholder, initialOf } from './draw-placeholder.ts'

const initials: readonly (readonly [title: string, initial: string])[] = [
  ['guide', 'G'],
  ['émile', 'É'],
  ['  «42» ways', '4'],
  ['🚀 rocket', 'R'],
  ['!!!', '?'],
  ['e\u0301tude', 'É'],
]

for (const [title, initial] of initials) {
  test(`the picture of "${title}" bears ${initial}`, () => {
    assert.equal(initialOf(title), initial)
  })
}

test('a drawn picture has its sizes, and the same title and colour give the same bytes', async () => {
  const [once, again] = [await drawPlaceholder('Guide', '#10B981'), await drawPlaceholder('Guide', '#10B981')]
  const [cover, thumb] = [await sharp(once.cover).metadata(), await sharp(once.thumb).metadata()]
  assert.deepEqual([cover.format, cover.width, cover.height], ['jpeg', 1024, 1024])
  assert.deepEqual([thumb.format, thumb.width, thumb.height], ['jpeg', 512, 512])
  assert.ok(once.cover.equals(again.cover) && once.thumb.equals(again.thumb))
  assert.ok(!once.cover.equals((await drawPlaceholder('Guide', '#EC4899')).cover))
})

test('the colour is that of the category, darker towards the bottom', async () => {
  const { cover } = await drawPlaceholder('!', '#10B981')
  const pixel = async (top: number): Promise<number[]> => [
    ...(await sharp(cover).extract({ left: 8, top, width: 1, height: 1 }).raw().toBuffer()),
  ]
  const [first, last] = [await pixel(4), await pixel(1019)]
  const near = (left: number[], right: number[]) => left.every((value, at) => Math.abs(value - (right[at] ?? 0)) < 12)
  assert.ok(near(first, [0x10, 0xb9, 0x81]), String(first))
  assert.ok(near(last, [0x10 * 0.45, 0xb9 * 0.45, 0x81 * 0.45]), String(last))
})

test('a letter the font does not have becomes a question mark', async () => {
  const { cover } = await drawPlaceholder('漢字', '#10B981')
  assert.ok(cover.equals((await drawPlaceholder('???', '#10B981')).cover))
})
