// Comes with pm2, which reads its own files with it, and brings no types.
declare module 'js-yaml' {
  export function load(text: string): unknown
}
