/** Everything in a tool's result that a number of an answer can come from: numbers, numbers in texts, lengths of lists. Pure. */
import type { Json } from '../api/types'
import { figures, type Unit, unitOf } from './numbers'

export type Path = readonly (string | number)[]

/** `line` counts the lines of a text and `word` the words of that line, from 0; null for what is no text. */
export type Leaf = {
  kind: 'number' | 'text' | 'length'
  path: Path
  line: number | null
  word: number | null
  /** As it stands in the result. */
  text: string
  value: number
  decimals: number
  unit: Unit | null
  /** The object that it belongs to: of a list, the item. */
  row: { [key: string]: Json }
}

/** Of one result; what comes after is not looked at. */
export const MOST_LEAVES = 5_000
const LONGEST_TEXT = 64 * 1024

export function leavesOf(result: Json | undefined): Leaf[] {
  const leaves: Leaf[] = []
  if (result !== undefined) collect(result, [], {}, leaves)
  return leaves
}

function collect(value: Json, path: Path, row: Leaf['row'], leaves: Leaf[]): void {
  if (leaves.length >= MOST_LEAVES || value === null || typeof value === 'boolean') return
  if (typeof value === 'number') leaves.push(numberLeaf(value, path, row))
  else if (typeof value === 'string') leaves.push(...textLeaves(value, path, row).slice(0, MOST_LEAVES - leaves.length))
  else if (Array.isArray(value)) {
    leaves.push({ ...numberLeaf(value.length, path, row), kind: 'length', unit: null })
    for (const [index, item] of value.entries()) collect(item, [...path, index], row, leaves)
  } else {
    for (const [key, item] of Object.entries(value)) collect(item, [...path, key], value, leaves)
  }
}

function numberLeaf(value: number, path: Path, row: Leaf['row']): Leaf {
  const text = String(value)
  const decimals = text.split('e')[0]?.split('.')[1]?.length ?? 0
  return { kind: 'number', path, line: null, word: null, text, value, decimals, unit: unitAt(path, row), row }
}

function textLeaves(text: string, path: Path, row: Leaf['row']): Leaf[] {
  const lines = text.slice(0, LONGEST_TEXT).split('\n')
  return lines.flatMap((words, line) => lineLeaves(words, line, path, row))
}

/** The words are counted once from the beginning of the line: it may hold tens of thousands of numbers. */
function lineLeaves(words: string, line: number, path: Path, row: Leaf['row']): Leaf[] {
  const found = figures(words)
  const starts = found.length === 0 ? [] : [...words.matchAll(/(?<!\S)\S/g)].map((start) => start.index)
  let word = 0
  return found.map((figure): Leaf => {
    while ((starts[word] ?? figure.at) < figure.at) word++
    const { value, decimals } = figure
    const unit = figure.unit === null ? unitAt(path, row) : unitOf(figure.unit)
    return { kind: 'text', path, line, word, text: figure.text, value, decimals, unit, row }
  })
}

/** The unit that the name of a field or of the one around it tells (`memory_mb`), or the field `unit` beside it. */
function unitAt(path: Path, row: Leaf['row']): Unit | null {
  const keys = path.filter((step) => typeof step === 'string').slice(-2)
  for (const key of keys.toReversed()) {
    const ending = /(?:^|_)(kb|mb|gb|tb|bytes|ms|s|seconds|minutes|hours|days|percent)$/.exec(key.toLowerCase())?.[1]
    if (ending) return unitOf(ending)
  }
  return typeof row.unit === 'string' ? unitOf(row.unit) : null
}
