/** Joining the pieces of a reply that is being written. Offsets count characters as Python does, by code point. */
import type { LiveEvent } from '../api/events'
import type { LiveReply } from './view'

type Delta = Extract<LiveEvent, { kind: 'delta' }>

/** A piece may come twice or overlap after a reconnect; a piece that leaves a gap is dropped, for the whole text will come. */
export function withDelta(live: LiveReply | null, delta: Delta): LiveReply | null {
  const known = live !== null && live.turn === delta.turn ? live : { turn: delta.turn, text: '', points: 0 }
  if (delta.offset > known.points) return live
  const length = codePoints(delta.text)
  if (delta.offset === known.points) {
    return { turn: delta.turn, text: known.text + delta.text, points: known.points + length }
  }
  if (delta.offset + length <= known.points && delta.offset > 0) return known
  return { turn: delta.turn, text: prefix(known.text, delta.offset) + delta.text, points: delta.offset + length }
}

function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

function prefix(text: string, points: number): string {
  return points === 0 ? '' : Array.from(text).slice(0, points).join('')
}
