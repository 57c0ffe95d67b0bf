import { HttpError } from '../../../shared/web/errors.ts'

/** What the upload page is told when something cannot be done: a stable code, by which it finds its own words. */
export const refusals = {
  not_allowed: () =>
    new HttpError(403, 'not_allowed', 'This link is not valid, or not any more; ask for a new one in the chat'),
  too_many_versions: () => new HttpError(403, 'too_many_versions', 'This product has as many versions as there may be'),
  too_soon: () =>
    new HttpError(429, 'too_soon', 'A new version of this product can be sent once an hour', { 'retry-after': '3600' }),
  too_many_calls: () =>
    new HttpError(429, 'too_many_requests', 'Too many calls within a minute', { 'retry-after': '5' }),
  too_many_uploads: () =>
    new HttpError(429, 'too_many_uploads', 'Ten uploads were begun within a day', { 'retry-after': '3600' }),
  bad_name: () => new HttpError(400, 'bad_name', 'file_name must be the name of a file, with its extension'),
  blocked_type: () => new HttpError(400, 'blocked_type', 'Programs and scripts are not accepted'),
  unsupported_type: () => new HttpError(400, 'unsupported_type', 'This type of file is not accepted'),
  empty: () => new HttpError(400, 'empty', 'The file is empty'),
  too_large: () => new HttpError(400, 'too_large', 'The file is larger than what is accepted'),
  bad_request: (message: string) => new HttpError(400, 'bad_request', message),
  session_open: () =>
    new HttpError(409, 'session_open', 'The file sent before is being put together; try again in a minute', {
      'retry-after': '60',
    }),
  quota_exceeded: () => new HttpError(413, 'quota_exceeded', 'There is not enough room left for this file'),
  not_found: () => new HttpError(404, 'not_found', 'There is no such upload'),
  gone: () => new HttpError(410, 'gone', 'This upload is over'),
  already_received: () => new HttpError(409, 'already_received', 'The file has arrived and cannot be called back here'),
  missing_parts: (numbers: readonly number[]) =>
    new HttpError(409, 'missing_parts', `These parts have not arrived as they were sent: ${numbers.join(', ')}`),
  size_mismatch: () => new HttpError(422, 'size_mismatch', 'What arrived is not as large as was announced'),
  storage_busy: () =>
    new HttpError(503, 'unavailable', 'The file storage does not answer; try again in a moment', {
      'retry-after': '10',
    }),
} as const
