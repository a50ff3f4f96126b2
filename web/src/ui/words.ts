/** An error in plain words: the page's for its code where it has some, else the server's own. */
import { ApiError } from '../api/request'
import type { Messages } from '../i18n/en'

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError('page_fault', String(error), false)
}

export function words(error: ApiError, messages: Messages): string {
  if (error.code === 'offline') return messages.errors.offline
  const known = messages.errors.codes[error.code]
  if (known !== undefined) return known
  if (error.detail !== '') return error.detail
  if (error.code === 'deadline_exceeded') return messages.errors.deadline
  if (error.code === 'indeterminate') return messages.errors.indeterminate
  if (error.code === 'running') return messages.errors.running
  return messages.errors.unknown
}
