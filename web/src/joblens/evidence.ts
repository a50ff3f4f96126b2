/** What a verdict rests on, as people read it: the unit of a figure is a part of its name. */
import { bytes, duration } from '../ui/format'
import { share } from './figures'

export function figureOf(name: string, value: number | string): string {
  if (typeof value !== 'number') return value
  if (name === 'share') return share(value)
  if (name === 'duration_s') return duration(value * 1000)
  if (name.includes('bytes')) return bytes(value)
  return value.toLocaleString('en-US', { maximumFractionDigits: 2 })
}
