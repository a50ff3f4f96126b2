/** The numbers that a text has, with the units that are written after them. Pure. */

/** `text` as it stands, without its unit; `at` is where it begins and `end` where it ends, with its unit. */
export type Figure = {
  text: string
  at: number
  end: number
  value: number
  decimals: number
  unit: string | null
}

// Not a number is what is a part of a name, date, time, path or version: node-7, 2026-11-26, 10:30, a/5, 1.2.3.
const FIGURE =
  /(?<![\w.\-/@#]|\d[:,])(?<number>[-−+]?(?:\d{1,3}(?:[,'\u00a0\u2009\u202f]\d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d+)?)(?!\w*[-/:.,]\d)(?:[ \u00a0\u202f]?(?<unit>%|[kKMGTP]i?B|B|bytes?|[mµu]?s|sec|seconds?|min|minutes?|h|hours?|d|days?|megabytes|gigabytes|字节|毫秒|秒|分钟|小时|天)(?!\w))?(?!\w)/giu

export function figures(text: string): Figure[] {
  return [...text.matchAll(FIGURE)].map((found) => {
    const number = found.groups?.number ?? ''
    return {
      text: number,
      at: found.index,
      end: found.index + found[0].length,
      value: numberOf(number),
      decimals: number.split(/e/i)[0]?.split('.')[1]?.length ?? 0,
      unit: found.groups?.unit ?? null,
    }
  })
}

export const numberOf = (number: string) => Number(number.replace(/[,'\u00a0\u2009\u202f]/g, '').replace('−', '-'))

export type Kind = 'bytes' | 'time' | 'share'
/** What a unit is in bytes, seconds or hundredths. A megabyte is written for 1000² and for 1024² bytes. */
export type Unit = { kind: Kind; factors: readonly number[] }

const PREFIXES = 'kmgtp'
const TIMES: Record<string, number> = {
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  毫秒: 1e-3,
  s: 1,
  sec: 1,
  second: 1,
  秒: 1,
  min: 60,
  minute: 60,
  分钟: 60,
  h: 3600,
  hour: 3600,
  小时: 3600,
  d: 86_400,
  day: 86_400,
  天: 86_400,
}

export function unitOf(written: string): Unit | null {
  const name = written.toLowerCase()
  if (name === '%' || name === 'percent') return { kind: 'share', factors: [1] }
  const seconds = TIMES[name] ?? TIMES[name.replace(/s$/, '')]
  if (seconds !== undefined) return { kind: 'time', factors: [seconds] }
  if (name === 'b' || /^bytes?$|^字节$/.test(name)) return { kind: 'bytes', factors: [1] }
  if (name === 'megabytes') return unitOf('MB')
  if (name === 'gigabytes') return unitOf('GB')
  const power = PREFIXES.indexOf(name[0] ?? '') + 1
  if (power === 0 || !/^[kmgtp]i?b$/.test(name)) return null
  return { kind: 'bytes', factors: name[1] === 'i' ? [1024 ** power] : [1000 ** power, 1024 ** power] }
}
