/** The window of time that is looked at: from the address and back, and how it is changed. Pure. Seconds since the epoch. */
import type { Window } from './lanes'

/** Nothing is sampled more finely. */
const NARROWEST_S = 1

/** The window that an address names within the job's life; all of it where it names none that makes sense. */
export function windowOf(query: Record<string, string>, whole: Window): Window {
  const from = moment(query.from) ?? whole.from
  const to = moment(query.to) ?? whole.to
  return to - from >= NARROWEST_S ? { from, to } : whole
}

export function asQuery(window: Window | null): { from: string; to: string } {
  return window === null ? { from: '', to: '' } : { from: window.from.toFixed(1), to: window.to.toFixed(1) }
}

/** Between two moments in any order, at least as wide as the narrowest; within `whole`. */
export function between(one: number, other: number, whole: Window): Window {
  const from = Math.max(whole.from, Math.min(one, other))
  return clipped({ from, to: Math.max(Math.max(one, other), from + NARROWEST_S) }, whole)
}

/** `factor` times as wide around a moment; null where that is all of the job. */
export function zoomed(window: Window, factor: number, around: number, whole: Window): Window | null {
  const width = Math.max(NARROWEST_S, (window.to - window.from) * factor)
  if (width >= whole.to - whole.from) return null
  const share = (around - window.from) / (window.to - window.from)
  const from = Math.min(Math.max(whole.from, around - share * width), whole.to - width)
  return { from, to: from + width }
}

function clipped(window: Window, whole: Window): Window {
  return { from: window.from, to: Math.min(window.to, Math.max(whole.to, window.from + NARROWEST_S)) }
}

function moment(text: string | undefined): number | undefined {
  const value = Number(text)
  return text && Number.isFinite(value) && value >= 0 ? value : undefined
}
