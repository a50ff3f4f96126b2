/** A message that waits for the end of the running turn, kept for this browser tab: a reload does not lose it. */

const key = (sessionId: string): string => `ink.queued.${sessionId}`

export function takeQueued(sessionId: string): string {
  return sessionStorage.getItem(key(sessionId)) ?? ''
}

export function keepQueued(sessionId: string, text: string): void {
  if (text === '') sessionStorage.removeItem(key(sessionId))
  else sessionStorage.setItem(key(sessionId), text)
}
