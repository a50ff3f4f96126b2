/** What a sign-in by a provider ended with, as the server says it in the address: `/?sign-in=CODE`. Pure. */
import type { Messages } from '../i18n/en'

export function failure(search: string, messages: Messages): string {
  const code = new URLSearchParams(search).get('sign-in')
  if (code === null) return ''
  const known: Record<string, string> = messages.signIn.failed
  return Object.hasOwn(known, code) ? (known[code] ?? '') : messages.signIn.failed.other
}
