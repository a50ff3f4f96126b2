import { describe, expect, it } from 'vitest'
import { en } from '../i18n/en'
import { failure } from './outcome'

describe('the outcome of a sign-in by a provider', () => {
  it('is silent where there was none', () => {
    expect(failure('', en)).toBe('')
    expect(failure('?link=used', en)).toBe('')
  })
  it('has words for what people can do something about', () => {
    expect(failure('?sign-in=unknown_user', en)).toBe(en.signIn.failed.unknown_user)
  })
  it('never repeats what stands in the address', () => {
    expect(failure('?sign-in=toString', en)).toBe(en.signIn.failed.other)
    expect(failure('?sign-in=<b>evil</b>', en)).toBe(en.signIn.failed.other)
  })
})
