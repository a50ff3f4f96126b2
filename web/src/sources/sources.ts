/**
 * Where the numbers of an answer come from: of all places in the results before it that say the same, the one that the
 * words around the number speak of. Pure; everything is decided from what the reader of the conversation sees.
 */
import type { Json } from '../api/types'
import type { CallView, Item } from '../chat/view'
import { type Leaf, leavesOf, MOST_LEAVES as MOST_LEAVES_OF_ONE } from './leaves'
import { type Closeness, closeness } from './match'
import { type Figure, figures } from './numbers'

export type Source = { call: CallView; leaf: Leaf; closeness: Closeness }

/** `none`: no result, message or argument of the conversation has this number. `given`: somebody said it, it says little, or not all is known. */
export type Origin = { is: 'found'; source: Source } | { is: 'given' } | { is: 'none' }

/** Characters before and after a number that say what it is of, and those that are looked through for names. */
const NEAR = 60
const FAR = 1_000
/** A count that so many places say that it is no proof of any. */
const SMALL = 10
/** Of all calls together. */
const MOST_LEAVES = 20_000

const SAME: Record<string, string> = {
  内存: 'memory',
  mem: 'memory',
  ram: 'memory',
  核: 'cpu',
  core: 'cpu',
  作业: 'job',
  节点: 'node',
  文件: 'file',
  峰值: 'peak',
  运行: 'running',
  排队: 'queueing',
  挂起: 'holding',
  held: 'holding',
  queued: 'queueing',
  大小: 'size',
  行: 'line',
}

type Place = { call: CallView; leaf: Leaf; place: number }
type Ranked = Place & { close: Closeness; points: number }

export class Sources {
  readonly #places: readonly Place[]
  readonly #given: ReadonlySet<number>
  /** Everything that the results say was looked at, so that what is not found is not there. */
  readonly #whole: boolean
  readonly #stemsOf = new Map<string, readonly string[]>()
  readonly #namesIn = new WeakMap<Leaf['row'], readonly string[]>()

  /** `before` is what stands before the answer, in order. */
  constructor(before: readonly Item[]) {
    const calls = before.filter((item) => item.kind === 'call')
    this.#places = calls
      .flatMap((call, place) => known(call).map((leaf) => ({ call, leaf, place })))
      .slice(-MOST_LEAVES)
    this.#whole = this.#places.length < MOST_LEAVES && calls.every((call) => !isCut(call))
    this.#given = new Set(before.flatMap(saidIn).map((figure) => figure.value))
  }

  /** `around` is the text that the number stands in, `heading` what its column is called. */
  of(figure: Figure, around: string, heading = ''): Origin {
    const told = (most: number) => around.slice(Math.max(0, figure.at - most), figure.end + most)
    const [spoken, far] = [new Set(stems(`${told(NEAR)} ${heading}`)), told(FAR)]
    let [best, number]: [Ranked | null, number] = [null, 0]
    for (const one of this.#places) {
      const close = closeness(figure, one.leaf)
      if (close === 0) continue
      number++
      const points = this.#named(one.leaf, far) * 6 + this.#spokenOf(one.leaf, spoken) * 4 + close
      if (!best || (points - best.points || one.place - best.place) > 0) best = { ...one, close, points }
    }
    if (!best) return { is: this.#explained(figure) ? 'given' : 'none' }
    const open = number > 1 || best.leaf.kind === 'length'
    if (small(figure) && open && best.points <= 4) return { is: 'given' }
    return { is: 'found', source: { call: best.call, leaf: best.leaf, closeness: best.close } }
  }

  #explained(figure: Figure): boolean {
    return !this.#whole || this.#given.has(figure.value) || small(figure)
  }

  /** How much of what tells its row from others (an id, a name) stands in the text around the number. */
  #named(leaf: Leaf, around: string): number {
    const names = this.#namesIn.get(leaf.row) ?? namesIn(leaf.row)
    this.#namesIn.set(leaf.row, names)
    return Math.min(2, names.filter((name) => name !== leaf.text && around.includes(name)).length)
  }

  #spokenOf(leaf: Leaf, spoken: ReadonlySet<string>): number {
    const key = leaf.path.filter((step) => typeof step === 'string').slice(-2)
    return Math.min(2, key.flatMap((step) => this.#stems(step)).filter((stem) => spoken.has(stem)).length)
  }

  #stems(step: string): readonly string[] {
    const known = this.#stemsOf.get(step) ?? stems(step.replaceAll('_', ' '))
    this.#stemsOf.set(step, known)
    return known
  }
}

const namesIn = (row: Leaf['row']): string[] =>
  Object.values(row).filter((value: Json): value is string => typeof value === 'string' && value.length > 2)

/** A large result is kept as the head of its text, and a list of very many numbers is not read to its end. */
function isCut(call: CallView): boolean {
  const { result } = call
  const head = typeof result === 'object' && result !== null && !Array.isArray(result) && result.cut === true
  return head || known(call).length >= MOST_LEAVES_OF_ONE
}

const small = (figure: Figure) => figure.unit === null && figure.decimals === 0 && Math.abs(figure.value) < SMALL

// A result does not change: its numbers are looked for once, however many answers come after it.
const looked = new WeakMap<object, Leaf[]>()

function known(call: CallView): Leaf[] {
  if (call.result === undefined || call.result === null || typeof call.result !== 'object') return leavesOf(call.result)
  const leaves = looked.get(call.result) ?? leavesOf(call.result)
  looked.set(call.result, leaves)
  return leaves
}

function saidIn(item: Item): Figure[] {
  if (item.kind === 'user') return figures(item.text)
  return item.kind === 'call' ? figures(JSON.stringify(item.arguments).replaceAll(/[[\]{}",:]/g, ' ')) : []
}

function stems(text: string): string[] {
  const words = text.toLowerCase().match(/[a-z]{2,}|[\u4e00-\u9fff]+/g) ?? []
  return words.flatMap((word) => {
    if (/[a-z]/.test(word)) return [stem(word)]
    return Object.keys(SAME).flatMap((known) => (word.includes(known) ? [SAME[known] ?? known] : []))
  })
}

function stem(word: string): string {
  const single = word.length > 3 ? word.replace(/s$/, '') : word
  return SAME[single] ?? single
}
