/** What a PDF may leave out of itself: the 14 standard fonts, and the character maps of Chinese, Japanese and Korean. */
import { fetchChecked } from '../api/request'

const DEADLINE_MS = 60_000
const files: Record<string, string> = import.meta.glob(
  ['/node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}', '/node_modules/pdfjs-dist/cmaps/*.bcmap'],
  { query: '?url', import: 'default', eager: true },
)
const addresses = new Map(Object.entries(files).map(([path, url]) => [path.slice(path.lastIndexOf('/') + 1), url]))

/** The form in which pdf.js asks for them. What is not here, as the decoders in WebAssembly, is an error to it. */
export class Resources {
  async fetch({ filename }: { filename: string }): Promise<Uint8Array> {
    const url = addresses.get(filename)
    if (url === undefined) throw new Error(`${filename} is no part of this page`)
    const response = await fetchChecked(url, { signal: AbortSignal.timeout(DEADLINE_MS) })
    return new Uint8Array(await response.arrayBuffer())
  }
}
