import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type User = { readonly uid: number; readonly gid: number }

/** PostgreSQL refuses to run as root: then it gets an account every machine has. Nothing for everybody else. */
export async function unprivilegedUser(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    const user = await findUser(name)
    if (user !== undefined) return user
  }
  throw new Error('PostgreSQL does not run as root, and this machine has neither a user "postgres" nor "nobody"')
}

/** Whether the user could do what `script` does to the path it is given as $1. */
export async function userCan(user: User, script: string, path: string): Promise<boolean> {
  try {
    await run('/bin/sh', ['-c', script, 'sh', path], { ...user, cwd: '/' })
    return true
  } catch {
    return false // a failing script is the answer
  }
}

async function findUser(name: string): Promise<User | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    return undefined // no such user
  }
}
