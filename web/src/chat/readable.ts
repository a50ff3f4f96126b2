/** JSON as lines that people read: like YAML, without its rules. Pure. */
import type { Json } from '../api/types'

/** A line and what it shows: keys and indices from the top, and which line of a text, from 0. */
export type PlacedLine = { text: string; path: readonly (string | number)[]; within: number }

export const readable = (value: Json | undefined): string[] => placed(value).map((line) => line.text)

export function placed(value: Json | undefined, path: PlacedLine['path'] = []): PlacedLine[] {
  if (value === undefined) return []
  if (value === null || typeof value !== 'object') return textLines(value, path)
  if (Array.isArray(value)) return value.flatMap((item, index) => nested(placed(item, [...path, index]), '- '))
  return Object.entries(value).flatMap(([key, item]) => entry(key, item, [...path, key]))
}

/** The index of the line that shows a place, or of the closest one around it that is shown; -1 for none. */
export function lineOf(lines: readonly PlacedLine[], path: PlacedLine['path'], within = 0): number {
  const exact = lines.findIndex((line) => line.within === within && same(line.path, path))
  if (exact >= 0 || path.length === 0) return exact
  const below = lines.findIndex((line) => same(line.path.slice(0, path.length), path))
  return below >= 0 ? below : lineOf(lines, path.slice(0, -1))
}

const same = (one: PlacedLine['path'], other: PlacedLine['path']) =>
  one.length === other.length && one.every((step, depth) => other[depth] === step)

function entry(key: string, value: Json, path: PlacedLine['path']): PlacedLine[] {
  if (value === null || typeof value !== 'object') {
    const lines = textLines(value, path)
    const [only] = lines
    if (lines.length === 1 && only) return [{ ...only, text: `${key}: ${only.text}` }]
    return [{ text: `${key}:`, path, within: -1 }, ...indented(lines)]
  }
  const simple = inline(value)
  if (simple !== null) return [{ text: `${key}: ${simple}`, path, within: 0 }]
  return [{ text: `${key}:`, path, within: 0 }, ...indented(placed(value, path))]
}

const textLines = (value: null | boolean | number | string, path: PlacedLine['path']): PlacedLine[] =>
  scalar(value)
    .split('\n')
    .map((text, within) => ({ text, path, within }))

const indented = (lines: PlacedLine[]) => lines.map((line) => ({ ...line, text: `  ${line.text}` }))

/** A short list of scalars, or an empty value, on one line; null for everything else. */
function inline(value: Json[] | { [key: string]: Json }): string | null {
  if (!Array.isArray(value)) return Object.keys(value).length === 0 ? '{}' : null
  if (value.some((item) => item !== null && typeof item === 'object')) return null
  const text = value.map((item) => scalar(item as string)).join(', ')
  return text.length <= 100 && !text.includes('\n') ? text || '(none)' : null
}

function scalar(value: null | boolean | number | string): string {
  return value === null ? '–' : String(value)
}

function nested(lines: PlacedLine[], mark: string): PlacedLine[] {
  return lines.map((line, index) => ({ ...line, text: (index === 0 ? mark : ' '.repeat(mark.length)) + line.text }))
}

/** All arguments on one line, for the head of a folded card. */
export function oneLine(args: { [key: string]: Json }, most = 120): string {
  const text = Object.entries(args)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('  ')
    .replaceAll('\n', '⏎')
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}

/** Arguments by name: those that say something, and those that were left empty. */
export function telling(args: { [key: string]: Json }): { given: string[]; empty: string[] } {
  const sorted = Object.entries(args).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const lines = (wanted: boolean) =>
    sorted
      .filter(([, value]) => says(value) === wanted)
      .flatMap(([key, value]) => entry(key, value, [key]).map((line) => line.text))
  return { given: lines(true), empty: lines(false) }
}

function says(value: Json): boolean {
  if (value === null || value === '') return false
  return typeof value !== 'object' || Object.keys(value).length > 0
}
