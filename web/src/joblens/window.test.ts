import { expect, test } from 'vitest'
import { asQuery, between, windowOf, zoomed } from './window'

const whole = { from: 1000, to: 2000 }

test('a window survives its address; one that makes no sense is the whole job', () => {
  expect(windowOf(asQuery({ from: 1100.5, to: 1200 }), whole)).toEqual({ from: 1100.5, to: 1200 })
  expect(windowOf(asQuery(null), whole)).toEqual(whole)
  const nonsense: Record<string, string>[] = [{ from: 'x' }, { from: '1500', to: '1400' }, { to: '-3' }]
  for (const query of nonsense) expect(windowOf(query, whole)).toEqual(whole)
  expect(windowOf({ from: '1500' }, whole)).toEqual({ from: 1500, to: 2000 })
})

test('zooming keeps the moment under the cursor where it is, and ends at the whole job', () => {
  expect(zoomed(whole, 0.5, 1500, whole)).toEqual({ from: 1250, to: 1750 })
  expect(zoomed(whole, 0.5, 1000, whole)).toEqual({ from: 1000, to: 1500 })
  expect(zoomed({ from: 1900, to: 2000 }, 2, 1900, whole)).toEqual({ from: 1800, to: 2000 })
  expect(zoomed({ from: 1250, to: 1750 }, 2, 1500, whole)).toBeNull()
})

test('what is dragged over is a window in either direction, inside the job and not narrower than a second', () => {
  expect(between(1700, 1200, whole)).toEqual({ from: 1200, to: 1700 })
  expect(between(900, 1000.2, whole)).toEqual({ from: 1000, to: 1001 })
})
