export const english = {
  heading: 'Send your file',
  /** @param {string} title */
  headingFor: (title) => `Send the file of “${title}”`,
  loading: 'One moment…',
  call: 'Choose a file, or drop it here',
  /** @param {string} size */
  limit: (size) => `Up to ${size}. Keep this page open while it is sent.`,
  /** @param {string} name */
  goOn: (name) => `The sending of “${name}” was interrupted. Choose the same file again to go on where it stopped.`,
  pause: 'Pause',
  resume: 'Resume',
  retry: 'Try again',
  abort: 'Cancel the sending',
  question: 'Cancel the sending? What was sent so far will be lost.',
  keep: 'Keep sending',
  really: 'Yes, cancel',
  /** @param {string} sent @param {string} whole */
  sent: (sent, whole) => `${sent} of ${whole}`,
  /** @param {string} speed @param {string} left */
  pace: (speed, left) => `${speed} · ${left} left`,
  /** @param {string} size */
  perSecond: (size) => `${size}/s`,
  preparing: 'Looking at the file…',
  sending: 'Your file is being sent.',
  resumed: 'Going on where it stopped.',
  /** @param {number} percent */
  reached: (percent) => `${percent} % sent`,
  paused: 'Paused. What was sent is kept for 24 hours.',
  offline: 'The connection is lost. It goes on by itself as soon as it is back; keep this page open.',
  /** @param {number} percent */
  hashing: (percent) => `Everything is sent. The file’s fingerprint is being computed: ${percent} %`,
  finishing: 'Everything is sent. The file is being put together…',
  done: 'Received. The file is being checked: you will be told in the chat. You can close this page.',
  aborted: 'The sending was cancelled, and nothing was kept. You can choose another file.',
  startedOver: 'This is not the file that was begun: it is sent from the start.',
  errors: {
    noLink: 'This page is opened by a link from the chat. Go back to the chat and press the button there again.',
    not_allowed: 'This link is not valid any more. Ask for a new one in the chat: edit your product and choose “File”.',
    bad_name: 'The name of this file has no extension, such as .pdf or .zip. Rename it and choose it again.',
    blocked_type:
      'Programs and scripts cannot be sold here. Choose a document, an image, a sound, a video or an archive.',
    unsupported_type: 'This type of file is not supported. Put it in a .zip archive, for example, and choose that.',
    empty: 'This file is empty. Choose one that contains something.',
    too_large: 'This file is larger than what is accepted. Make it smaller, or compress it.',
    quota_exceeded:
      'There is not enough room left in your space. Delete a product or replace a large file, then try again.',
    session_open: 'The file you sent before is still being put together. Try again in a minute.',
    too_many_uploads: 'You began ten uploads within a day. Try again tomorrow.',
    too_many_versions: 'This product has as many versions as there may be. Create a new product for this file.',
    too_soon: 'The file of a product can be replaced once an hour. Try again later.',
    gone: 'This upload is over: it took too long, or another one took its place. Choose the file again to start over.',
    size_mismatch: 'What arrived is not as large as your file. Choose the file again to start over.',
    already_received: 'The file has arrived already, and is being checked: you will be told in the chat.',
    unreadable: 'The file cannot be read any more: it was changed, moved or deleted. Choose it again.',
    storage: 'The file storage cannot be reached. What was sent is kept: check your connection and try again.',
    unavailable: 'The service does not answer. What was sent is kept: check your connection and try again.',
    unexpected: 'Something went wrong. What was sent is kept: try again, or reload this page and choose the same file.',
  },
}
