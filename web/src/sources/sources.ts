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

/** Words before and after a number that say what it is of. */
const NEAR = 60
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

export class Sources {
  readonly #places: readonly Place[]
  readonly #given: ReadonlySet<number>
  /** Everything that the results say was looked at, so that what is not found is not there. */
  readonly #whole: boolean

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
    const found = this.#places.flatMap((place) => {
      const close = closeness(figure, place.leaf)
      return close === 0 ? [] : [{ ...place, close }]
    })
    if (found.length === 0) return { is: this.#explained(figure) ? 'given' : 'none' }
    const near = `${around.slice(Math.max(0, figure.at - NEAR), figure.end + NEAR)} ${heading}`
    const ranked = found
      .map((one) => ({ ...one, points: named(one.leaf, around) * 6 + spokenOf(one.leaf, near) * 4 + one.close }))
      .toSorted((a, b) => b.points - a.points || b.place - a.place)
    const best = ranked[0]
    const open = found.length > 1 || best?.leaf.kind === 'length'
    if (!best || (small(figure) && open && best.points <= 4)) return { is: 'given' }
    return { is: 'found', source: { call: best.call, leaf: best.leaf, closeness: best.close } }
  }

  #explained(figure: Figure): boolean {
    return !this.#whole || this.#given.has(figure.value) || small(figure)
  }
}

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

/** How much of what tells its row from others (an id, a name) stands in the text around the number. */
function named(leaf: Leaf, around: string): number {
  const names = Object.values(leaf.row).filter((value: Json) => typeof value === 'string' && value.length > 2)
  return Math.min(2, names.filter((name) => name !== leaf.text && around.includes(String(name))).length)
}

function spokenOf(leaf: Leaf, near: string): number {
  const spoken = new Set(stems(near))
  const key = leaf.path.filter((step) => typeof step === 'string').slice(-2)
  return Math.min(
    2,
    key.flatMap((step) => stems(String(step).replaceAll('_', ' '))).filter((stem) => spoken.has(stem)).length,
  )
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
