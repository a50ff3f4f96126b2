/** What of a file can be looked at here, told by its name; and the header of a FITS file. Pure. */

export type PreviewKind = 'text' | 'image' | 'fits' | 'root' | 'pdf' | 'none'

const IMAGES = /\.(png|jpe?g|gif|webp|bmp|avif)$/i
const FITS = /\.(fits|fit|fts)$/i
const ROOT = /\.root$/i
const PDF = /\.pdf$/i
const NO_TEXT = /\.(gz|zip|tar|tgz|xz|bz2|zst|7z|h5|hdf5|parquet|so|o|a|exe|bin|iso|sif|mp4|mp3)$/i

export const MOST_IMAGE_BYTES = 32 * 1024 * 1024

export function previewOf(name: string): PreviewKind {
  if (IMAGES.test(name)) return 'image'
  if (FITS.test(name)) return 'fits'
  if (ROOT.test(name)) return 'root'
  if (PDF.test(name)) return 'pdf'
  return NO_TEXT.test(name) ? 'none' : 'text'
}

/** FITS standard 4.0, section 3.3: cards of 80 ASCII characters, of which `END` is the last. */
const CARD = 80
const MOST_CARDS = 2_000
export const FITS_HEADER_BYTES = CARD * MOST_CARDS

export type FitsCard = { key: string; value: string; comment: string }

/** The cards of the primary header; null when these are not the first bytes of a FITS file. */
export function fitsHeader(bytes: Uint8Array): FitsCard[] | null {
  const text = new TextDecoder('latin1').decode(bytes)
  if (!text.startsWith('SIMPLE  =')) return null
  const cards: FitsCard[] = []
  for (let at = 0; at + CARD <= text.length && cards.length < MOST_CARDS; at += CARD) {
    const card = text.slice(at, at + CARD)
    const key = card.slice(0, 8).trim()
    if (key === 'END') break
    if (card.trim() !== '') cards.push(parsedCard(key, card))
  }
  return cards
}

function parsedCard(key: string, card: string): FitsCard {
  if (card.slice(8, 10) !== '= ') return { key, value: card.slice(8).trim(), comment: '' }
  const quoted = /^\s*'((?:[^']|'')*)'\s*(?:\/(.*))?$/.exec(card.slice(10))
  if (quoted)
    return { key, value: (quoted[1] ?? '').replaceAll("''", "'").trimEnd(), comment: (quoted[2] ?? '').trim() }
  const [value = '', ...comment] = card.slice(10).split('/')
  return { key, value: value.trim(), comment: comment.join('/').trim() }
}

/** The outline of a histogram in a box of 100 × 40, for the `d` of an SVG path; what is no number or negative is flat. */
export function histogramPath(contents: (number | null)[]): string {
  const heights = contents.map((value) => Math.max(0, value ?? 0))
  const highest = Math.max(...heights) || 1
  const width = 100 / heights.length
  const steps = heights.map((height) => `V${(40 - (38 * height) / highest).toFixed(2)}h${width.toFixed(3)}`)
  return `M0 40${steps.join('')}V40Z`
}
