/** Marks the numbers of a rendered answer: those with a source become buttons, those without one are told apart. */
import { type Figure, figures } from './numbers'
import type { Origin, Source } from './sources'

export type Marking = {
  originOf: (figure: Figure, around: string, heading: string) => Origin
  open: (source: Source) => void
  /** What a button says of its source, and what is said of a number that has none. */
  words: (source: Source) => string
  none: string
}

/** Numbers of one block, and texts of it; what comes after is not looked at. */
export const MOST = 500
/** What a number stands in, for its reader: a row of a table, an item of a list, a paragraph. */
const AROUND = 'tr, li, p, h1, h2, h3, h4, blockquote'

export function annotate(block: HTMLElement, marking: Marking): void {
  let rest = MOST
  for (const text of textsIn(block)) {
    const found = figures(text.data).slice(0, rest)
    rest -= found.length
    mark(text, found, block, marking)
  }
}

/** Texts with numbers; not those of links, which lead elsewhere, or of programs and commands, which are no statements. */
function textsIn(block: HTMLElement): Text[] {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT)
  const texts: Text[] = []
  while (walker.nextNode() && texts.length < MOST) {
    const text = walker.currentNode as Text
    if (/\d/.test(text.data) && !text.parentElement?.closest('a, pre, button') && !isCommand(text)) texts.push(text)
  }
  return texts
}

/** `17` in the type of programs is a value, and so is `2 GB`; `hold job 17` is what somebody may say. */
function isCommand(text: Text): boolean {
  const code = text.parentElement?.closest('code')?.textContent ?? ''
  const [first] = figures(code)
  return code.includes(' ') && !(first?.at === 0 && first.end === code.length)
}

function mark(text: Text, found: readonly Figure[], block: HTMLElement, marking: Marking): void {
  const { whole, start } = surroundings(text, text.parentElement?.closest<HTMLElement>(AROUND) ?? block)
  const heading = headingOf(text)
  for (const figure of found.toReversed()) {
    const placed = { ...figure, at: figure.at + start, end: figure.end + start }
    const shown = elementFor(marking.originOf(placed, whole, heading), marking)
    if (!shown) continue
    const after = text.splitText(figure.at)
    after.splitText(figure.end - figure.at)
    after.replaceWith(shown)
    shown.append(after)
  }
}

/** All texts of an element, apart from each other as the cells of a row are, and where one of them begins. */
function surroundings(text: Text, around: HTMLElement): { whole: string; start: number } {
  const walker = document.createTreeWalker(around, NodeFilter.SHOW_TEXT)
  let whole = ''
  let start = 0
  while (walker.nextNode()) {
    if (walker.currentNode === text) start = whole.length
    whole += `${(walker.currentNode as Text).data} `
  }
  return { whole, start }
}

function elementFor(origin: Origin, marking: Marking): HTMLElement | null {
  if (origin.is === 'given') return null
  if (origin.is === 'none') {
    const span = document.createElement('span')
    span.dataset.source = 'none'
    span.title = marking.none
    return span
  }
  const button = document.createElement('button')
  button.type = 'button'
  button.dataset.source = 'found'
  button.title = marking.words(origin.source)
  button.addEventListener('click', () => marking.open(origin.source))
  return button
}

/** What the column of a table is called. */
function headingOf(text: Text): string {
  const cell = text.parentElement?.closest<HTMLTableCellElement>('td')
  const table = cell?.closest('table')
  return (cell && table?.rows[0]?.cells[cell.cellIndex]?.textContent) ?? ''
}
