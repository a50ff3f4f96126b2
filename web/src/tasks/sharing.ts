/** Letting others see data: it is said first what they would see, and done only once that was confirmed. */
import { ApiError } from '../api/request'
import type { Confidentiality } from '../api/types'

/** `share` is tried without a word first; false when the question was answered with no. */
export async function shareConfirmed(
  share: (shows?: Confidentiality) => Promise<unknown>,
  level: Confidentiality,
  ask: () => Promise<boolean>,
): Promise<boolean> {
  try {
    await share()
    return true
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'sharing_unconfirmed') throw error
    if (!(await ask())) return false
    await share(level)
    return true
  }
}
