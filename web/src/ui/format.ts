/** Numbers as people read them. */
import { t } from '../i18n/language.svelte'

export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = count
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

export function megabytes(count: number | null): string {
  return count === null ? '–' : bytes(count * 1024 * 1024)
}

/** Whole seconds: for ages and countdowns. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  return seconds < 60 ? `${seconds} ${t().units.s}` : duration(seconds * 1000)
}

/** 350 ms, 1.2 s, 12 s, 3 min 20 s, 2 h 5 min, 4 d 3 h; its units in the page's language */
export function duration(ms: number): string {
  const { units } = t()
  const seconds = Math.max(0, ms) / 1000
  if (seconds < 1) return `${Math.round(seconds * 1000)} ${units.ms}`
  if (seconds < 10) return `${seconds.toFixed(1)} ${units.s}`
  const whole = Math.floor(seconds)
  if (whole < 60) return `${whole} ${units.s}`
  if (whole < 3600) return joined(whole, 60, units.min, 1, units.s)
  if (whole < 86_400) return joined(whole, 3600, units.h, 60, units.min)
  return joined(whole, 86_400, units.d, 3600, units.h)
}

function joined(seconds: number, divisor: number, large: string, smallDivisor: number, small: string): string {
  const rest = Math.floor((seconds % divisor) / smallDivisor)
  return `${Math.floor(seconds / divisor)} ${large}${rest > 0 ? ` ${rest} ${small}` : ''}`
}

export function localTime(iso: string | null): string {
  if (iso === null) return '–'
  const time = new Date(iso)
  const pad = (value: number) => String(value).padStart(2, '0')
  const date = `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`
  return `${date} ${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}`
}

/** To the minute: for tables. */
export function localMinute(iso: string | null): string {
  return localTime(iso).slice(0, 16)
}

export function count(value: number): string {
  return value.toLocaleString('en-US')
}
