/** Whether a number of an answer says what a number of a result says: the same, rounded, or in another unit. Pure. */
import type { Leaf } from './leaves'
import { type Figure, type Unit, unitOf } from './numbers'

/** 0 does not match; more is a closer match. */
export type Closeness = 0 | 1 | 2 | 3 | 4

/** What a rounded number may be beside the true one, so that 2 is no 1.6. */
const MOST_OFF = 0.05
/** 2 GB is not what any 2 says. */
const TELLING = 10
const SHARE = /fraction|ratio|share|efficiency|utili[sz]ation/

export function closeness(figure: Figure, leaf: Leaf): Closeness {
  if (leaf.kind === 'length')
    return figure.unit === null && figure.decimals === 0 && figure.value === leaf.value ? 1 : 0
  const unit = figure.unit === null ? null : unitOf(figure.unit)
  if (unit === null) return sameNumber(figure, leaf)
  if (leaf.unit === null) return withoutUnit(figure, leaf, unit)
  return leaf.unit.kind === unit.kind ? converted(figure, leaf, unit, leaf.unit) : 0
}

function sameNumber(figure: Figure, leaf: Leaf): Closeness {
  if (figure.text === leaf.text) return 4
  if (figure.value === leaf.value) return 3
  // 97 is no rounded 97.4 that anybody could tell from a count; 0.97 is a rounded 0.9743.
  return figure.decimals > 0 && leaf.decimals > figure.decimals && rounds(figure, leaf.value) ? 2 : 0
}

/** The result says no unit: its number has to be the same and telling, except that a share of one is written in percent. */
function withoutUnit(figure: Figure, leaf: Leaf, unit: Unit): Closeness {
  const key = String(leaf.path.at(-1) ?? '')
  if (unit.kind === 'share' && SHARE.test(key) && rounds(figure, leaf.value * 100)) return 2
  return figure.value === leaf.value && Math.abs(figure.value) >= TELLING ? 1 : 0
}

function converted(figure: Figure, leaf: Leaf, to: Unit, from: Unit): Closeness {
  const values = to.factors.flatMap((divisor) => from.factors.map((factor) => (leaf.value * factor) / divisor))
  if (figure.value === leaf.value && to.factors.some((factor) => from.factors.includes(factor))) return 4
  return values.some((value) => rounds(figure, value)) ? 2 : 0
}

function rounds(figure: Figure, value: number): boolean {
  const off = Math.abs(figure.value - value)
  return off <= 0.5 * 10 ** -figure.decimals * (1 + 1e-9) && off <= MOST_OFF * Math.abs(value)
}
