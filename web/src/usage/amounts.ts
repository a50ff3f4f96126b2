/** Measures of budgets as people read them. Pure. */
import type { Limits, Measure } from '../api/usage'
import { MEASURES } from '../api/usage'
import { t } from '../i18n/language.svelte'
import { count, duration } from '../ui/format'

export function amount(measure: Measure, value: number): string {
  if (measure === 'wall_s') return value === 0 ? `0 ${t().units.s}` : duration(value * 1000)
  if (measure === 'cpu_hours') return `${decimal(value)} ${t().units.h}`
  return measure === 'money' ? decimal(value) : count(value)
}

/** As many digits as matter: 1,234 · 12.3 · 0.0042 */
export function decimal(value: number): string {
  return value.toLocaleString('en-US', value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 })
}

/** A large count in few characters: 950 · 12k · 3.4M */
export function short(value: number): string {
  const units: [number, string][] = [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ]
  const [size, unit] = units.find(([least]) => value >= least) ?? [1, '']
  const scaled = value / size
  return `${scaled >= 10 || size === 1 ? Math.floor(scaled) : Math.floor(scaled * 10) / 10}${unit}`
}

export const noLimits: Limits = { tokens: null, money: null, calls: null, wall_s: null, cpu_hours: null }

export const limited = (limits: Limits): Measure[] => MEASURES.filter((measure) => limits[measure] !== null)

/** What a limit is typed and told in: hours of wall time, not seconds. */
export const typedIn = (measure: Measure): number => (measure === 'wall_s' ? 3600 : 1)

/** What is used up is allowed as much again; the other limits stay. */
export function asMuchAgain(limits: Partial<Limits>, usedUp: readonly Measure[]): Limits {
  const more = usedUp.map((measure) => [measure, Math.max(2 * (limits[measure] ?? 0), 1)])
  return { ...noLimits, ...limits, ...Object.fromEntries(more) }
}
