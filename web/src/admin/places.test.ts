import { describe, expect, it } from 'vitest'
import { offsetOf } from './places'

describe('a place in a text', () => {
  const text = 'version: 1\nrules:\n  - id: x\n'

  it('is found by line and column', () => {
    expect(offsetOf(text, 1, 1)).toBe(0)
    expect(text.slice(offsetOf(text, 3, 5)).startsWith('id: x')).toBe(true)
  })

  it('is within the text, whatever was named', () => {
    expect(offsetOf(text, 2, 99)).toBe('version: 1\nrules:'.length)
    expect(offsetOf(text, 99, 1)).toBe(text.length)
    expect(offsetOf('', 1, 1)).toBe(0)
  })
})
