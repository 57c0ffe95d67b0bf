import { extensionOf, isBlockedExtension } from '../../shared/domain/file-rules.ts'
import { type FileRefusal } from '../../shared/domain/notice.ts'
import { type ObjectStore } from '../../shared/storage/object-store.ts'
import { isInstaller, programIn, rootEntryOf } from './find-program.ts'
import { headBytes, isZipped, looksLike, type Look, zippedTypes } from './signatures.ts'
import { type ReadAt, readZipDirectory, type ZipEntry, ZipRefused } from './zip-directory.ts'

export type FileToInspect = {
  readonly objectKey: string
  readonly fileName: string
  readonly sizeBytes: bigint
}

export type Inspected =
  | {
      readonly kind: 'fine'
      /** An entry inside is a program or a script: people are warned. */
      readonly hasExecutables: boolean
      /** What a zip holds. */
      readonly entries: readonly ZipEntry[] | undefined
    }
  | { readonly kind: 'refused'; readonly reason: FileRefusal; readonly what: string }

const tailBytes = 512
/** More than the names of what a protected document consists of. */
const directoryBytes = 8_192

const refused = (reason: FileRefusal, what: string): Inspected => ({ kind: 'refused', reason, what })

/** Whether an object in the bucket is what its name says, and no program under any name. Reads by ranges, unpacks nothing. */
export async function inspectFile(
  bucket: Pick<ObjectStore, 'readRange'>,
  file: FileToInspect,
  signal?: AbortSignal,
): Promise<Inspected> {
  const size = Number(file.sizeBytes)
  const readAt = async (firstByte: number, lengthBytes: number): Promise<Buffer> => {
    const length = Math.min(lengthBytes, size - firstByte)
    return length <= 0 ? Buffer.alloc(0) : bucket.readRange(file.objectKey, { firstByte, lengthBytes: length, signal })
  }
  const look: Look = { head: await readAt(0, headBytes), sizeBytes: file.sizeBytes }
  const program = await findProgram(readAt, look.head, size)
  if (program !== undefined) return refused('executable', program)
  const extension = extensionOf(file.fileName) ?? ''
  if (!looksLike(extension, look)) {
    const isProtected = extension in officeMembers && (await isEncrypted(readAt, look.head))
    return refused(isProtected ? 'protected document' : 'other content', `not the beginning of .${extension}`)
  }
  if (!isZipped(look)) return { kind: 'fine', hasExecutables: false, entries: undefined }
  try {
    return judgeZip(extension, await readZipDirectory(readAt, size), look)
  } catch (error) {
    if (error instanceof ZipRefused) return refused(error.reason, error.message)
    throw error
  }
}

async function findProgram(readAt: ReadAt, head: Buffer, size: number): Promise<string | undefined> {
  const tail = await readAt(Math.max(0, size - tailBytes), tailBytes)
  const rootAt = rootEntryOf(head)
  if (rootAt !== undefined && isInstaller(await readAt(rootAt, 128))) return 'a Windows installer'
  return programIn({ head, tail })
}

/** Office keeps a document with a password inside a compound file, as one of its streams. */
async function isEncrypted(readAt: ReadAt, head: Buffer): Promise<boolean> {
  const rootAt = rootEntryOf(head)
  return rootAt !== undefined && (await readAt(rootAt, directoryBytes)).includes('EncryptedPackage', 0, 'utf16le')
}

function judgeZip(extension: string, entries: readonly ZipEntry[], look: Look): Inspected {
  const names = new Set(entries.map(({ name }) => name))
  const program = packedProgram(names)
  if (program !== undefined) return refused('executable', program)
  if (zippedTypes.has(extension) && !holds(extension, names, look)) {
    return refused('other content', `without the members of .${extension}`)
  }
  return { kind: 'fine', hasExecutables: extension === 'zip' && entries.some(isProgram), entries }
}

/** Programs that are zips themselves. */
function packedProgram(names: ReadonlySet<string>): string | undefined {
  if (names.has('AndroidManifest.xml') && (names.has('classes.dex') || names.has('resources.arsc'))) return 'an APK'
  const isJar = names.has('META-INF/MANIFEST.MF') && [...names].some((name) => name.endsWith('.class'))
  if (isJar) return 'a JAR'
  return [...names].some((name) => /^Payload\/[^/]+\.app\//.test(name)) ? 'an iOS program' : undefined
}

const openDocuments: Readonly<Record<string, string>> = {
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odp: 'application/vnd.oasis.opendocument.presentation',
}

const officeMembers: Readonly<Record<string, string>> = {
  docx: 'word/',
  xlsx: 'xl/',
  pptx: 'ppt/',
}

/** Whether a zip has the members that make it a document of its type. */
function holds(extension: string, names: ReadonlySet<string>, look: Look): boolean {
  const folder = officeMembers[extension]
  if (folder !== undefined)
    return names.has('[Content_Types].xml') && [...names].some((name) => name.startsWith(folder))
  const openType = openDocuments[extension]
  if (openType !== undefined) return names.has('content.xml') && declaresType(look, openType)
  if (extension === 'epub') return names.has('META-INF/container.xml') && declaresType(look, 'application/epub+zip')
  if (extension === 'kmz') return [...names].some((name) => name.toLowerCase().endsWith('.kml'))
  return extension !== 'xd' || names.has('manifest')
}

/** These begin with a stored member named `mimetype` that says what they are. */
const declaresType = ({ head }: Look, type: string): boolean =>
  head.subarray(30, 38).toString('latin1') === 'mimetype' && head.subarray(38, 1_024).toString('latin1').includes(type)

function isProgram({ name, isFolder }: ZipEntry): boolean {
  if (/\.app\//i.test(name)) return true
  return !isFolder && isBlockedExtension(extensionOf(name.slice(name.lastIndexOf('/') + 1)) ?? '')
}
