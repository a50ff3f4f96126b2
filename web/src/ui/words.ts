/** An error in plain words: the server's own where it gave some. */
import { ApiError } from '../api/request'
import type { Messages } from '../i18n/en'

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError('page_fault', String(error), false)
}

export function words(error: ApiError, messages: Messages): string {
  if (error.code === 'offline') return messages.errors.offline
  if (error.code === 'wrong_password') return messages.errors.wrongPassword
  if (error.detail !== '') return error.detail
  if (error.code === 'deadline_exceeded') return messages.errors.deadline
  if (error.code === 'indeterminate') return messages.errors.indeterminate
  if (error.code === 'running') return messages.errors.running
  return messages.errors.unknown
}
