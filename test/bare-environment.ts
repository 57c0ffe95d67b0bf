/**
 * What a process of ours is given besides its own settings: nothing a service reads. With the compiled code that others kept
 * it starts in half the time.
 */
export const bareEnvironment: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
}
