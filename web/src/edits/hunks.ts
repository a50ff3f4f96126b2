/** What is different between two texts, as hunks of whole lines, and texts with some of them. Pure. */

/** `at` is the first line of `before` that it is about, from 0. Lines have their ends. */
export type Hunk = { at: number; removed: readonly string[]; added: readonly string[] }

/** Cells of the table that is filled for what differs; beyond that all of it is one hunk. */
const MOST_CELLS = 4_000_000

export const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

export function hunks(before: string, after: string): Hunk[] {
  const [old, now] = [linesOf(before), linesOf(after)]
  let start = 0
  while (start < old.length && start < now.length && old[start] === now[start]) start++
  let end = 0
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++
  const [removed, added] = [old.slice(start, old.length - end), now.slice(start, now.length - end)]
  return grouped(removed, added).map((hunk) => ({ ...hunk, at: hunk.at + start }))
}

/** `before` with the chosen hunks made, of all of which `hunks` is the list. */
export function withHunks(before: string, all: readonly Hunk[], chosen: ReadonlySet<number>): string {
  const lines = linesOf(before)
  for (const [index, hunk] of [...all.entries()].toReversed()) {
    if (chosen.has(index)) lines.splice(hunk.at, hunk.removed.length, ...hunk.added)
  }
  return lines.join('')
}

function grouped(old: string[], now: string[]): Hunk[] {
  if (old.length === 0 && now.length === 0) return []
  if ((old.length + 1) * (now.length + 1) > MOST_CELLS) return [{ at: 0, removed: old, added: now }]
  const common = lengths(old, now)
  const found: Hunk[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < now.length) {
    const [from, to] = [i, j]
    while ((i < old.length || j < now.length) && old[i] !== now[j]) {
      if (j >= now.length || (i < old.length && at(common, now, i + 1, j) >= at(common, now, i, j + 1))) i++
      else j++
    }
    if (i > from || j > to) found.push({ at: from, removed: old.slice(from, i), added: now.slice(to, j) })
    while (i < old.length && j < now.length && old[i] === now[j]) {
      i++
      j++
    }
  }
  return found
}

const at = (common: Uint16Array, now: string[], i: number, j: number) => common[i * (now.length + 1) + j] ?? 0

/** Of the longest common sequence of lines from each pair of places on. */
function lengths(old: string[], now: string[]): Uint16Array {
  const width = now.length + 1
  const table = new Uint16Array((old.length + 1) * width)
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const longer = Math.max(at(table, now, i + 1, j), at(table, now, i, j + 1))
      table[i * width + j] = old[i] === now[j] ? at(table, now, i + 1, j + 1) + 1 : longer
    }
  }
  return table
}
