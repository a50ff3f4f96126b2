/** The words of a page, for whoever does not see the picture of it. */
import type { PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'

const MOST_CHARACTERS = 20_000

export async function textOf(page: PDFPageProxy): Promise<string> {
  const reader = page.streamTextContent().getReader()
  let text = ''
  while (text.length < MOST_CHARACTERS) {
    const { value, done } = await reader.read()
    if (done) return text
    for (const item of value.items) text += 'str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : ''
  }
  await reader.cancel(new Error('enough'))
  return text.slice(0, MOST_CHARACTERS)
}
