import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Offer } from '../../../shared/db/offers.ts'
import { type FileId, personId, type ProductId } from '../../../shared/domain/ids.ts'
import { cents } from '../../../shared/domain/money.ts'
import { type PublicCode } from '../../../shared/domain/public-code.ts'
import { refuseOffer } from './refuse-offer.ts'

const buyer = personId(1)
const offer: Offer = {
  productId: 'p' as ProductId,
  code: 'ABCDEFGH' as PublicCode,
  title: 'A template',
  price: cents(1999n),
  sellerId: personId(2),
  sellerName: 'A seller',
  fileId: 'f' as FileId,
  isVisible: true,
  isBanned: false,
  isOwned: false,
  buyerStatus: 'active',
  suspendedUntil: null,
  suspensionReason: null,
  openOrders: 4,
  recentPayments: 4,
  freeToday: 19,
}
const refused = (change: Partial<Offer>) => refuseOffer({ ...offer, ...change }, buyer)?.kind

test('lets a buyer order up to the last allowed order, payment and free product', () => {
  assert.equal(refused({}), undefined)
  assert.equal(refused({ price: cents(0n) }), undefined)
})

test('says why a product cannot be ordered', () => {
  assert.equal(refused({ sellerId: buyer }), 'own')
  assert.equal(refused({ isOwned: true }), 'owned')
  assert.equal(refused({ buyerStatus: 'suspended' }), 'suspended')
  assert.equal(refused({ isVisible: false }), 'not visible')
  assert.equal(refused({ fileId: null }), 'not visible')
  assert.equal(refused({ openOrders: 5 }), 'too many orders')
  assert.equal(refused({ recentPayments: 5 }), 'too many payments')
  assert.equal(refused({ price: cents(0n), freeToday: 20 }), 'too many free')
})

test('leads to what is owned although the product was withdrawn or the person suspended', () => {
  assert.equal(refused({ isOwned: true, isVisible: false, buyerStatus: 'suspended' }), 'owned')
})

test('gives a free product to somebody who asked for many addresses', () => {
  assert.equal(refused({ price: cents(0n), recentPayments: 9 }), undefined)
})
