// tx2 brings no types; show-in-pm2.ts says what it uses.
declare module 'tx2' {
  const tx2: unknown
  export default tx2
}
