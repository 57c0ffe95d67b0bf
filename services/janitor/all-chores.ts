import { type Chore } from './chore.ts'
import { abortAbandonedUploads } from './chores/abort-abandoned-uploads.ts'
import { announceVersions } from './chores/announce-versions.ts'
import { backUp } from './chores/back-up.ts'
import { checkIntegrity } from './chores/check-integrity.ts'
import { checkInvariants } from './chores/check-invariants.ts'
import { deleteDrafts } from './chores/delete-drafts.ts'
import { deleteTemporaryFiles } from './chores/delete-temporary-files.ts'
import { endWhatIsOver } from './chores/end-suspensions.ts'
import { expireOrders } from './chores/expire-orders.ts'
import { healDeliveries } from './chores/heal-deliveries.ts'
import { pollPayments } from './chores/poll-payments.ts'
import { prune } from './chores/prune.ts'
import { purgeProducts } from './chores/purge-products.ts'
import { reconcile } from './chores/reconcile.ts'
import { raiseAlarms } from './chores/raise-alarms.ts'
import { recount } from './chores/recount.ts'
import { releaseEscrow } from './chores/release-escrow.ts'
import { remindOfAddress } from './chores/remind-of-address.ts'
import { removeObjects } from './chores/remove-objects.ts'
import { ringAgain } from './chores/ring-again.ts'
import { ringMails } from './chores/ring-mails.ts'
import { ringMedia } from './chores/ring-media.ts'
import { sumUpDay } from './chores/sum-up-day.ts'
import { sweepObjects } from './chores/sweep-objects.ts'
import { tellOfBlocked } from './chores/tell-of-blocked.ts'
import { testRestore } from './chores/test-restore.ts'
import { withdrawContent } from './chores/withdraw-content.ts'

export const chores: readonly Chore[] = [
  ringAgain,
  ringMedia,
  ringMails,
  remindOfAddress,
  healDeliveries,
  announceVersions,
  pollPayments,
  reconcile,
  expireOrders,
  releaseEscrow,
  endWhatIsOver,
  withdrawContent,
  tellOfBlocked,
  raiseAlarms,
  removeObjects,
  deleteTemporaryFiles,
  purgeProducts,
  deleteDrafts,
  sweepObjects,
  checkIntegrity,
  checkInvariants,
  recount,
  abortAbandonedUploads,
  prune,
  backUp,
  testRestore,
  sumUpDay,
]
