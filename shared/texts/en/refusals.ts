import { html as phrase } from '../../telegram/html.ts'
import { type RefusalTexts } from '../fr/refusals.ts'

export const refusals = (): RefusalTexts => ({
  file: {
    empty: phrase`the file is empty. Send one that contains something.`,
    'too large': phrase`the file is larger than we take. Make it smaller, or compress it.`,
    'no extension': phrase`the name of the file has no extension, such as .pdf or .zip. Rename it and send it again.`,
    'blocked type': phrase`programs and executable scripts cannot be sold here. Send a document, picture, sound, video or archive.`,
    'unsupported type': phrase`this type of file is not supported. You could put it into a .zip archive.`,
    'other content': phrase`the content does not match the extension of the file. Check it, then export it again.`,
    'protected document': phrase`the document opens with a password, so that we cannot check it. Save it without one, or put it into a .zip archive.`,
    executable: phrase`the file contains a program under another name. Send a file without a program.`,
    'archive bomb': phrase`the archive unfolds to an outrageous size. Make it again with less in it.`,
    'damaged archive': phrase`the archive is damaged or too complicated to read. Make it again and send it.`,
    'damaged on the way': phrase`it arrived damaged. Please send it again.`,
    'gone from Telegram': phrase`Telegram does not hand us this file any more. Please send it again.`,
    'given up': phrase`it could not be checked for days, which is our fault. Please send it again.`,
    'too soon': phrase`the file of a product may be replaced once an hour. Please send it again later.`,
    'too many versions': phrase`this product has had 50 versions, the most there may be. You could publish a new product.`,
    quota: phrase`your space is full. Delete a product or replace a large file, then send it again.`,
  },
  cover: {
    empty: phrase`the picture is empty. Send another one.`,
    'not a picture': phrase`this is not a JPG, PNG or WebP picture. Convert it and send it again.`,
    'too many bytes': phrase`the picture is larger than 5 MB. Make it smaller and send it again.`,
    'too small': phrase`the picture is too small: it takes at least 200 × 200 pixels, better 800 × 600.`,
    'too large': phrase`the picture is too large: at most 10,000 pixels a side and 50 million in all.`,
    'too narrow': phrase`the picture is too stretched: one side may be ten times the other at most.`,
    damaged: phrase`the picture is damaged. Export it again and send it.`,
    'gone from Telegram': phrase`Telegram does not hand us this picture any more. Please send it again.`,
    'given up': phrase`the picture could not be prepared for days, which is our fault. Please send it again.`,
    quota: phrase`your space is full. Delete a product or replace a large file, then send the picture again.`,
  },
})
