import { expect, test } from 'vitest'
import { editedPaths, proposed } from './proposal'

test('a file that is written is what the call says', () => {
  const args = { path: 'a', text: 'new\n' }
  expect(editedPaths('write_file', args)).toEqual(['a'])
  expect(proposed('write_file', args, new Map([['a', 'old\n']]))).toEqual([{ path: 'a', after: 'new\n' }])
})

test('edits of several files are made one after the other, where their old text stands once', () => {
  const edits = [
    { old: 'one', new: '1', file: 0 },
    { old: '1\n', new: '1!\n', file: 0 },
    { old: '', new: 'x', file: 1 },
  ]
  const args = { paths: ['a', 'b'], edits, dry_run: false }
  const current = new Map([
    ['a', 'one\ntwo\n'],
    ['b', null],
  ])
  expect(proposed('patch_files', args, current)).toEqual([
    { path: 'a', after: '1!\ntwo\n' },
    { path: 'b', after: 'x' },
  ])
})

test('what does not fit any more, or twice, is no proposal', () => {
  const args = { paths: ['a'], edits: [{ old: 'one', new: '1' }] }
  expect(proposed('patch_files', args, new Map([['a', 'two']]))).toBeNull()
  expect(proposed('patch_files', args, new Map([['a', 'one one']]))).toBeNull()
  expect(proposed('patch_files', args, new Map([['a', null]]))).toBeNull()
})

test('line ends of the file are kept', () => {
  const args = { paths: ['a'], edits: [{ old: 'a\nb', new: 'x\ny' }] }
  expect(proposed('patch_files', args, new Map([['a', 'a\r\nb\r\n']]))).toEqual([{ path: 'a', after: 'x\r\ny\r\n' }])
})

test('parts can be taken of texts alone', () => {
  expect(editedPaths('write_file', { path: 'a', base64: 'AA==', text: null })).toEqual([])
  expect(editedPaths('patch_files', { paths: ['a'], edits: [], dry_run: true })).toEqual([])
  expect(editedPaths('write_file', { path: 'a', text: 'key=[redacted:token]' })).toEqual([])
  expect(editedPaths('run_command', { argv: ['a'] })).toEqual([])
})
