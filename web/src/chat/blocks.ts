/** Markdown of a message, safely and by blocks: raw HTML is text, images are links, nothing is fetched by looking. */
import DOMPurify from 'dompurify'
import { Marked, type Token } from 'marked'

export type Block = { raw: string; node: DocumentFragment }

/** Characters of a table cell that may be broken into lines. */
const LONG_CELL = 44

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const marked = new Marked({
  gfm: true,
  tokenizer: { del: struckOut },
  renderer: {
    html: ({ text }) => escaped(text),
    code: ({ text, lang }) => lang === 'text' && `<pre data-prose><code>${escaped(text)}\n</code></pre>\n`,
    image: ({ href, text }) => `<a href="${escaped(href)}">[image: ${escaped(text || href)}]</a>`,
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
  },
})

/** One tilde is a home or a prompt (`a@node:~# …`), and nothing that a pair of them may take away. */
function struckOut(source: string): false | undefined {
  return source.startsWith('~~') ? false : undefined
}

/** Blocks of `source`; those whose text did not change since `before` are the same objects and keep their DOM. */
export function blocks(source: string, before: readonly Block[] = []): Block[] {
  return marked
    .lexer(source)
    .filter((token) => token.type !== 'space')
    .map((token, index) => {
      const known = before[index]
      return known?.raw === token.raw ? known : { raw: token.raw, node: render(token) }
    })
}

function render(token: Token): DocumentFragment {
  const fragment = DOMPurify.sanitize(marked.parser([token], marked.defaults), {
    RETURN_DOM_FRAGMENT: true,
    FORBID_TAGS: ['style', 'form', 'input', 'button', 'img', 'picture', 'video', 'audio', 'iframe', 'svg', 'math'],
    FORBID_ATTR: ['style', 'class', 'id', 'name', 'background', 'target'],
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|#)/i,
  })
  for (const link of fragment.querySelectorAll('a[href]')) openElsewhere(link)
  // What scrolls sideways must be reachable with the keyboard; long cells may break, short ones not.
  for (const wide of fragment.querySelectorAll('table, pre')) wide.setAttribute('tabindex', '0')
  for (const cell of fragment.querySelectorAll('td')) cell.toggleAttribute('data-long', isLong(cell))
  return fragment
}

const isLong = (cell: Element) => (cell.textContent ?? '').length > LONG_CELL

function openElsewhere(link: Element): void {
  if (link.getAttribute('href')?.startsWith('#')) return
  link.setAttribute('target', '_blank')
  link.setAttribute('rel', 'noopener noreferrer nofollow')
}
