/**
 * Recorded terminals: asciicast v2 (docs.asciinema.org/manual/asciicast/v2), a header line and then `[seconds, code, text]`
 * in lines; output `o`, size `r` as COLUMNSxROWS, marker `m`. Pure. A line that is none of these, such as the half last one
 * of a terminal that still runs, is left out.
 */

export type Frame = { at: number; code: 'o' | 'r' | 'm'; text: string }
export type Cast = { columns: number; rows: number; begunMs: number; frames: Frame[] }

const MOST = 1_000
const MOST_FRAMES = 200_000

export function parseCast(text: string): Cast {
  const [first = '', ...lines] = text.split('\n')
  const header = (parsed(first) ?? {}) as { width?: unknown; height?: unknown; timestamp?: unknown }
  return {
    columns: within(header.width, 80),
    rows: within(header.height, 24),
    begunMs: typeof header.timestamp === 'number' ? header.timestamp * 1000 : 0,
    frames: lines.slice(0, MOST_FRAMES).flatMap(frameOf),
  }
}

/** Columns and rows of a change of size; null when it is none. */
export function sizeOf(text: string): [number, number] | null {
  const numbers = /^(\d+)x(\d+)$/.exec(text)
  return numbers ? [within(Number(numbers[1]), 80), within(Number(numbers[2]), 24)] : null
}

function frameOf(line: string): Frame[] {
  const value = parsed(line)
  if (!Array.isArray(value)) return []
  const [seconds, code, text] = value as unknown[]
  if (typeof seconds !== 'number' || typeof text !== 'string') return []
  return code === 'o' || code === 'r' || code === 'm' ? [{ at: seconds * 1000, code, text }] : []
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

function within(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? Math.min(value, MOST) : otherwise
}
