/** Figures of jobs as people read them. Pure. */
import { bytes, duration, localTime } from '../ui/format'
import type { Unit } from './lanes'

export function figure(value: number, unit: Unit): string {
  if (unit === 'cores') return cores(value)
  if (unit === 'percent') return `${Math.round(value)} %`
  return unit === 'rate' ? `${bytes(value)}/s` : bytes(value)
}

/** Of a percentage of one core. */
export const cores = (percent: number): string => (percent / 100).toFixed(percent >= 1000 ? 1 : 2)

export const share = (part: number | null): string => (part === null ? '–' : `${Math.round(part * 100)} %`)

export const moment = (seconds: number): string => localTime(new Date(seconds * 1000).toISOString())

export const lasting = (seconds: number): string => duration(seconds * 1000)

/** Of a comparison, whose units are the server's words. */
export function compared(value: number, unit: string): string {
  if (unit === 'bytes') return bytes(value)
  if (unit === 's') return lasting(value)
  if (unit === 'percent of one core') return cores(value)
  return value.toLocaleString('en-US', { maximumFractionDigits: 1 })
}
