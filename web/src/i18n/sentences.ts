/**
 * Sentences that the server composes, in another language: each is known by its English, with `{}` where a value stands
 * (docs/adr/0087). Pure.
 *
 * A translation has the values as they are (`{0}`), or in its own language where a value is such a sentence (`{~0}`).
 * A text that could be read in more than one way stays as it is: nothing is ever said of another value than was meant.
 */
type Form = { pieces: readonly string[]; said: string }

const MOST_CHARACTERS = 2_000

export class Sentences {
  readonly #whole: ReadonlyMap<string, string>
  readonly #forms: readonly Form[]

  constructor(known: Readonly<Record<string, string>>) {
    this.#whole = new Map(Object.entries(known).filter(([english]) => !english.includes('{}')))
    this.#forms = Object.entries(known)
      .filter(([english]) => english.includes('{}'))
      .toSorted(([one], [other]) => other.length - one.length)
      .map(([english, said]) => ({ pieces: english.split('{}'), said }))
  }

  /** The same in the other language; what is not known, as all that people and programs wrote, as it is. */
  said(text: string): string {
    const whole = this.#whole.get(text)
    if (whole !== undefined || text.length > MOST_CHARACTERS) return whole ?? text
    for (const { pieces, said } of this.#forms) {
      const values = valuesIn(text, pieces)
      if (values)
        return said.replaceAll(/\{(~?)(\d)\}/g, (_, phrase, at) => this.#value(values[Number(at)] ?? '', phrase))
    }
    return text
  }

  /** One sentence, or a list of them. */
  #value(value: string, phrase: string): string {
    if (phrase === '') return value
    const list = value.split(', ')
    const said = list.map((one) => this.said(one))
    return said.every((one, index) => one !== list[index]) ? said.join(', ') : this.said(value)
  }
}

/** What stands between the pieces; null where they do not stand there in this order, or in more orders than one. */
function valuesIn(text: string, pieces: readonly string[]): string[] | null {
  const [first = '', ...others] = pieces
  const last = others.pop() ?? ''
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return null
  const inner = text.slice(first.length, text.length - last.length)
  const places = fromLeft(inner, others)
  if (places === null || places.some((place, index) => place !== fromRight(inner, others)[index])) return null
  const starts = [0, ...places.map((place, index) => place + (others[index]?.length ?? 0))]
  const values = starts.map((start, index) => inner.slice(start, places[index] ?? inner.length))
  return values.every((value) => value !== '') ? values : null
}

function fromLeft(text: string, pieces: readonly string[]): number[] | null {
  const places: number[] = []
  let from = 0
  for (const piece of pieces) {
    const place = text.indexOf(piece, from)
    if (place < 0) return null
    places.push(place)
    from = place + piece.length
  }
  return places
}

/** Where they stand at the latest, given that they do. */
function fromRight(text: string, pieces: readonly string[]): number[] {
  const places: number[] = []
  let until = text.length
  for (const piece of pieces.toReversed()) {
    until = text.lastIndexOf(piece, until - piece.length)
    places.unshift(until)
  }
  return places
}
