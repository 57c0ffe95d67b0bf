import { type AddressChange, type EmailChange } from '../../../shared/db/seller-changes.ts'
import { findSellerAccount } from '../../../shared/db/seller-accounts.ts'
import { type Queryable } from '../../../shared/db/pool.ts'
import { type PersonId } from '../../../shared/domain/ids.ts'
import { notify } from '../../../shared/messaging/notify.ts'

/** Has a seller told, in a message of its own, that their address or e-mail was changed: it may not have been them. */
export async function tellChanges(
  tx: Queryable,
  seller: PersonId,
  { email, address }: { readonly email?: EmailChange; readonly address?: AddressChange },
): Promise<void> {
  const now = await findSellerAccount(tx, seller)
  if (email?.kind === 'changed' && email.old !== null && now?.email != null) {
    const old = { address: email.old, isConfirmed: email.wasConfirmed ?? false }
    await notify(tx, seller, email.id, { kind: 'email changed', changeId: email.id, email: now.email, old })
  }
  if (address?.kind === 'changed' && address.heldUntil !== undefined && now?.address != null) {
    const heldUntil = address.heldUntil.toISOString()
    await notify(tx, seller, address.id, {
      kind: 'address changed',
      changeId: address.id,
      address: now.address,
      heldUntil,
    })
  }
}
