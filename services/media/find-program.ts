/** The beginning and the last 512 bytes of a file. */
export type Ends = { readonly head: Buffer; readonly tail: Buffer }

const starts =
  (hex: string, offset = 0) =>
  ({ head }: Ends): boolean =>
    head.subarray(offset, offset + hex.length / 2).equals(Buffer.from(hex, 'hex'))

const text = (letters: string): string => Buffer.from(letters, 'latin1').toString('hex')

const footer =
  (letters: string) =>
  ({ tail }: Ends): boolean =>
    tail.subarray(0, letters.length).toString('latin1') === letters

/** "MZ" may begin a text; the head of a program always holds zeros. */
const isWindowsProgram = (ends: Ends): boolean => starts('4d5a')(ends) && ends.head.subarray(0, 512).includes(0)

/** What runs, installs or is mounted when it is opened, by its own signature. */
const programs: readonly (readonly [name: string, is: (ends: Ends) => boolean])[] = [
  ['a Windows program', isWindowsProgram],
  ['a Windows shortcut', starts('4c0000000114020000000000c000000000000046')],
  ['a cabinet', starts('4d53434600000000')],
  ['an ELF program', starts('7f454c46')],
  ['a Mach-O program', starts('feedface')],
  ['a Mach-O program', starts('feedfacf')],
  ['a Mach-O program', starts('cefaedfe')],
  ['a Mach-O program', starts('cffaedfe')],
  ['a Mach-O program or a Java class', starts('cafebabe')],
  ['a Mach-O program', starts('cafebabf')],
  ['an Android program', starts(text('dex\n'))],
  ['an Android program', starts(text('dey\n'))],
  ['a WebAssembly program', starts('0061736d')],
  ['a Debian package', starts(text('!<arch>\ndebian'))],
  ['an RPM package', starts('edabeedb')],
  ['a macOS package', starts(text('xar!'))],
  ['a browser extension', starts(text('Cr24'))],
  ['a disk image', starts(text('CD001'), 32_769)],
  ['a disk image', footer('koly')],
  ['a disk image', starts(text('conectix'))],
  ['a disk image', footer('conectix')],
  ['a disk image', starts(text('vhdxfile'))],
  ['a disk image', starts(text('QFI\xfb'))],
  ['a disk image', starts(text('KDMV'))],
  ['a disk image', starts(text('hsqs'))],
  ['a disk image', starts(text('sqsh'))],
]

/** Which kind of program the bytes are, whatever the file is called; undefined for none. */
export const programIn = (ends: Ends): string | undefined => programs.find(([, is]) => is(ends))?.[0]

const compound = 'd0cf11e0a1b11ae1'
const installerClass = /^8[0-9a-f]100c0000000000c000000000000046$/

/** Where the root of a compound file is described, which says what made it; undefined for other files. */
export function rootEntryOf(head: Buffer): number | undefined {
  if (head.length < 512 || !starts(compound)({ head, tail: head })) return undefined
  const sectorBytes = 2 ** Math.min(head.readUInt16LE(30), 16)
  return (head.readUInt32LE(48) + 1) * sectorBytes
}

/** Installer databases, patches and transforms are compound files, as old office documents are: their class tells. */
export const isInstaller = (rootEntry: Buffer): boolean =>
  installerClass.test(rootEntry.subarray(80, 96).toString('hex'))
