/** xterm adds style elements without a nonce; the content security policy would drop them. */
import { nonce } from '../nonce'

let done = false

/** From now on every style element of this document carries the page's nonce. Call it before the first terminal. */
export function nonceStyles(): void {
  if (done) return
  done = true
  const create = Document.prototype.createElement
  document.createElement = ((tag: string, options?: ElementCreationOptions) => {
    const element = create.call(document, tag, options)
    if (tag === 'style') element.nonce = nonce()
    return element
  }) as typeof document.createElement
}
