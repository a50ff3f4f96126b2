// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { blocks } from '../chat/blocks'
import { annotate, MOST } from './annotate'
import type { Figure } from './numbers'
import type { Origin, Source } from './sources'

function marked(source: string, originOf: (figure: Figure, around: string, heading: string) => Origin): HTMLElement {
  const host = document.createElement('div')
  for (const block of blocks(source)) host.append(block.node.cloneNode(true))
  annotate(host, { originOf, open: () => undefined, words: () => 'from a tool', none: 'no source' })
  return host
}

const found = (): Origin => ({ is: 'found', source: {} as Source })

test('the words stay as they are, and only numbers outside of links and programs are marked', () => {
  const host = marked('Job **17** of [9](#/x) has `4` CPUs, not `node-3`.\n\n```sh\nrun 12\n```', found)
  expect(host.textContent).toContain('Job 17 of 9 has 4 CPUs, not node-3.')
  expect([...host.querySelectorAll('button')].map((button) => button.textContent)).toEqual(['17', '4'])
})

test('a value in the type of programs is marked, and no number of a command', () => {
  const host = marked('`17` uses `2 GB`; ask `hold job 12.0` or `submit a.sh with 2 GB memory, 10 times`.', found)
  expect([...host.querySelectorAll('button')].map((button) => button.textContent)).toEqual(['17', '2 GB'])
})

test('a number is looked up with its row and the heading of its column', () => {
  const asked: string[] = []
  marked('| job | CPUs |\n|---|---|\n| a | 4 |', (figure, around, heading) => {
    asked.push(`${figure.text} of ${around.replace(/\s+/g, ' ').trim()} under ${heading}`)
    return { is: 'none' }
  })
  expect(asked).toEqual(['4 of a 4 under CPUs'])
})

test('a number without a source says so and cannot be pressed', () => {
  const host = marked('77 runs', () => ({ is: 'none' }))
  expect(host.querySelector('[data-source="none"]')?.getAttribute('title')).toBe('no source')
  expect(host.querySelector('button')).toBeNull()
})

test('of a block of very many numbers the first are looked up', () => {
  let asked = 0
  const host = marked('7 '.repeat(2_000), () => {
    asked++
    return { is: 'none' }
  })
  expect([asked, host.textContent?.match(/7/g)?.length]).toEqual([MOST, 2_000])
})
