/** @typedef {{ kind: 'photo' | 'document', files: File[], caption: string, replyTo: number | undefined }} Parcel */
/** @typedef {{ asPhotos: boolean, asAlbums: boolean, caption: string, replyTo: number | undefined }} Choices */

export const maxFileBytes = 2000 * 1024 ** 2
export const maxCaptionLength = 1024
const longestAlbum = 10
const photoTypes = ['image/jpeg', 'image/png', 'image/webp']

/** Whether it can be sent as a photo. @param {File} file */
export const isPicture = ({ type }) => photoTypes.includes(type)

/**
 * What goes with which message: photos apart from files, in albums of at most ten. The words go with the first.
 * @param {File[]} files
 * @param {Choices} choices
 * @returns {Parcel[]}
 */
export function arrange(files, { asPhotos, asAlbums, caption, replyTo }) {
  const photos = asPhotos ? files.filter(isPicture) : []
  const documents = files.filter((file) => !photos.includes(file))
  const size = asAlbums ? longestAlbum : 1
  /** @type {Pick<Parcel, 'kind' | 'files'>[]} */
  const parcels = [
    ...pieces(photos, size).map((part) => ({ kind: /** @type {const} */ ('photo'), files: part })),
    ...pieces(documents, size).map((part) => ({ kind: /** @type {const} */ ('document'), files: part })),
  ]
  return parcels.map((parcel, index) => ({ ...parcel, caption: index === 0 ? caption : '', replyTo }))
}

/**
 * @param {File[]} files
 * @param {number} size
 */
function pieces(files, size) {
  const count = Math.ceil(files.length / size)
  return Array.from({ length: count }, (_, index) => files.slice(index * size, (index + 1) * size))
}
