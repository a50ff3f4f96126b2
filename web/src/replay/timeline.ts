/** The moments of a recording on a line without its long pauses. Pure. */

/** Where each moment stands on the line, in ms from its start, and how long the line is. */
export type Timeline = { at: readonly number[]; length: number }

/** A pause longer than this is played as one of this length; what a clock that was set back does is none. */
const LONGEST_PAUSE_MS = 2_000

/** `shortest`: what was written together is still seen one after the other, so many ms apart. */
export function timeline(times: readonly number[], shortest: number): Timeline {
  const at: number[] = []
  let position = 0
  times.forEach((time, index) => {
    const pause = index === 0 ? 0 : time - (times[index - 1] ?? time)
    if (index > 0) position += Math.min(Math.max(pause, shortest), LONGEST_PAUSE_MS)
    at.push(position)
  })
  return { at, length: position }
}

/** How many moments lie at or before `position`. */
export function reached(line: Timeline, position: number): number {
  let low = 0
  let high = line.at.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((line.at[middle] ?? 0) <= position) low = middle + 1
    else high = middle
  }
  return low
}
