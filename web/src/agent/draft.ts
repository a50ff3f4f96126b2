/** A message that another page prepared for the next conversation that opens. It stays on this page: never in an address. */
let prepared = ''

export function prepareDraft(text: string): void {
  prepared = text
}

export function takeDraft(): string {
  const text = prepared
  prepared = ''
  return text
}
