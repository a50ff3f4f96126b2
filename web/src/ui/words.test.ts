import { expect, test } from 'vitest'
import { ApiError } from '../api/request'
import { en } from '../i18n/en'
import { zh } from '../i18n/zh'
import { words } from './words'

const gone = new ApiError('job_not_found', 'There is no job 7.0 on dev.', false)

test('an error is told in the language of the page by its code, where the page knows it', () => {
  expect(words(gone, en)).toBe('There is no job 7.0 on dev.')
  expect(words(gone, zh)).toBe('没有这个作业。')
})

test('a code that the page does not know is told in the words of the server', () => {
  expect(words(new ApiError('never_heard_of', 'The disk is full.', false), zh)).toBe('The disk is full.')
  expect(words(new ApiError('never_heard_of', '', false), zh)).toBe('出现错误。')
})
