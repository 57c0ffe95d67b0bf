import { badRequest } from '../errors.ts'
import { type Method } from '../world.ts'

export const getFile: Method = ({ world, bot, params }) => {
  const fileId = params.text('file_id')
  if (fileId === '') throw badRequest('file_id not specified')
  const record = world.files.find(bot.id, fileId)
  if (record === undefined) throw badRequest('wrong file_id or the file is temporarily unavailable')
  return {
    file_id: record.fileId,
    file_unique_id: record.uniqueId,
    file_size: record.size,
    file_path: world.files.offer(record),
  }
}
