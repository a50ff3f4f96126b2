import { expect, test } from 'vitest'
import { fitsHeader, histogramPath, previewOf } from './preview'

test.each([
  ['plot.PNG', 'image'],
  ['sky.fits', 'fits'],
  ['data.root', 'root'],
  ['paper.PDF', 'pdf'],
  ['paper.pdf.gz', 'none'],
  ['run.sh', 'text'],
  ['picture.svg', 'text'],
])('%s is shown as %s', (name, kind) => {
  expect(previewOf(name)).toBe(kind)
})

const card = (text: string) => text.padEnd(80)
const file = (...cards: string[]) => new TextEncoder().encode(cards.map(card).join(''))

test('the header of a FITS file is read card by card', () => {
  const bytes = file(
    'SIMPLE  =                    T / conforms',
    "OBJECT  = 'Crab ''s / nebula' / the target",
    'COMMENT made by hand',
    '',
    'END',
    'AFTER   = 1',
  )
  expect(fitsHeader(bytes)).toEqual([
    { key: 'SIMPLE', value: 'T', comment: 'conforms' },
    { key: 'OBJECT', value: "Crab 's / nebula", comment: 'the target' },
    { key: 'COMMENT', value: 'made by hand', comment: '' },
  ])
})

test('what is no FITS file has no header', () => {
  expect(fitsHeader(new TextEncoder().encode('#!/bin/sh'))).toBeNull()
})

test('a histogram is drawn by steps, the highest nearly to the top', () => {
  expect(histogramPath([0, 2, null, -1])).toBe('M0 40V40.00h25.000V2.00h25.000V40.00h25.000V40.00h25.000V40Z')
})
