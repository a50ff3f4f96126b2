/** JSON as lines that people read: like YAML, without its rules. Pure. */
import type { Json } from '../api/types'

export function readable(value: Json | undefined): string[] {
  if (value === undefined) return []
  if (value === null || typeof value !== 'object') return scalar(value).split('\n')
  if (Array.isArray(value)) return value.flatMap((item) => nested(readable(item), '- '))
  return Object.entries(value).flatMap(([key, item]) => entry(key, item))
}

function entry(key: string, value: Json): string[] {
  if (value === null || typeof value !== 'object') {
    const lines = scalar(value).split('\n')
    return lines.length === 1 ? [`${key}: ${lines[0]}`] : [`${key}:`, ...lines.map((line) => `  ${line}`)]
  }
  const simple = inline(value)
  if (simple !== null) return [`${key}: ${simple}`]
  return [`${key}:`, ...readable(value).map((line) => `  ${line}`)]
}

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

function nested(lines: string[], mark: string): string[] {
  return lines.map((line, index) => (index === 0 ? mark : ' '.repeat(mark.length)) + line)
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
    sorted.filter(([, value]) => says(value) === wanted).flatMap(([key, value]) => entry(key, value))
  return { given: lines(true), empty: lines(false) }
}

function says(value: Json): boolean {
  if (value === null || value === '') return false
  return typeof value !== 'object' || Object.keys(value).length > 0
}
