/** Where in the page somebody was who leaves it to sign in elsewhere: a provider sends everybody back to its front. */
const KEY = 'ink.after-sign-in'

export function remember(hash: string): void {
  if (hash !== '') sessionStorage.setItem(KEY, hash)
}

/** Once, and only at the front of the page. */
export function goBack(): void {
  const hash = sessionStorage.getItem(KEY)
  sessionStorage.removeItem(KEY)
  if (hash?.startsWith('#/') && location.hash === '') location.hash = hash
}
