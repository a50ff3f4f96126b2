/**
 * xterm styles its parts in two ways that the content security policy forbids: by style elements without a nonce, and by
 * the `style` attribute of the spans of a row (selections, 256 and true colours). Both are given the allowed form here.
 */
import { nonce } from '../nonce'

let done = false

/** Call it before the first terminal; from then on it holds for the whole document. */
export function obeyContentPolicy(): void {
  if (done) return
  done = true
  nonceStyleElements()
  styleSpansByObjectModel()
}

function nonceStyleElements(): void {
  const create = Document.prototype.createElement
  document.createElement = ((tag: string, options?: ElementCreationOptions) => {
    const element = create.call(document, tag, options)
    if (tag === 'style') element.nonce = nonce()
    return element
  }) as typeof document.createElement
}

/** The same declarations, set through the object model, are no inline style for the policy. */
function styleSpansByObjectModel(): void {
  HTMLSpanElement.prototype.setAttribute = function (this: HTMLSpanElement, name: string, value: string): void {
    if (name === 'style') this.style.cssText = value
    else Element.prototype.setAttribute.call(this, name, value)
  }
}
