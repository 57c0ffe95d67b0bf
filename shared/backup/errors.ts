import { OperatorError } from '../runtime/operator-error.ts'

/** A backup that cannot be used, and why, in one sentence. Nothing was changed. */
export class BackupUnusable extends OperatorError {
  constructor(reason: string, cause?: unknown) {
    super(reason, { cause })
    this.name = 'BackupUnusable'
  }
}

export const damaged = (where: string, cause?: unknown): BackupUnusable =>
  new BackupUnusable(`The backup is damaged (${where}): it was changed or cut short. Take another one.`, cause)
