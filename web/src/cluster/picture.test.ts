import { describe, expect, it } from 'vitest'
import type { NodeTile } from '../api/site'
import { groupsOf, MOST_CELLS, naturalGroups, pictureOf, rackOf, stepFrom } from './picture'

function tile(node: string, changes: Partial<NodeTile> = {}): NodeTile {
  const facts = { condition: 'works' as const, state: 'up', reason: null, cpus: 8, cpus_used: 4, memory_mb: 1, jobs: 1 }
  return { node, ...facts, incidents: [], partitions: [], ...changes }
}
const many = (count: number, changes: Partial<NodeTile> = {}) =>
  Array.from({ length: count }, (_, at) => tile(`wn${String(at).padStart(4, '0')}`, changes))

describe('the groups of nodes', () => {
  it('are racks by the names but for the last two digits', () => {
    expect(rackOf('wn0112.example.org')).toBe('wn01')
    expect(rackOf('gpu7')).toBe('gpu')
    expect(rackOf('42')).toBe('42')
    expect(groupsOf(many(250), 'rack').map((one) => [one.name, one.nodes.length])).toEqual([
      ['wn00', 100],
      ['wn01', 100],
      ['wn02', 50],
    ])
  })

  it('are partitions where there are some', () => {
    expect(naturalGroups(many(3))).toBe('rack')
    const nodes = [...many(2, { partitions: ['gpu'] }), tile('x', { partitions: ['cpu', 'gpu'] })]
    expect(naturalGroups(nodes)).toBe('partition')
    expect(groupsOf(nodes, 'partition').map((one) => one.name)).toEqual(['cpu', 'gpu'])
  })

  it('begin with what is worst, by condition', () => {
    const nodes = [tile('a'), tile('b', { condition: 'maintenance' }), tile('c', { condition: 'down' })]
    expect(groupsOf(nodes, 'condition').map((one) => one.name)).toEqual(['down', 'maintenance', 'works'])
  })
})

describe('the picture', () => {
  it('draws every one of 1,200 nodes within its width, and none over another', () => {
    const picture = pictureOf(groupsOf(many(1200), 'rack'), 1000)
    const cells = picture.blocks.flatMap((block) => block.cells)
    expect(cells).toHaveLength(1200)
    expect(new Set(cells.map((cell) => `${cell.x} ${cell.y}`)).size).toBe(1200)
    expect(Math.max(...picture.blocks.map((block) => block.x + block.width))).toBeLessThanOrEqual(1000)
    expect(Math.max(...cells.map((cell) => cell.y))).toBeLessThan(picture.height)
  })

  it('fits a phone', () => {
    const picture = pictureOf(groupsOf(many(1200), 'rack'), 340)
    expect(Math.max(...picture.blocks.map((block) => block.x + block.width))).toBeLessThanOrEqual(340)
  })

  it('joins neighbours where there are very many, and shows the worst of them', () => {
    const nodes = many(10_000)
    nodes[7] = tile('wn0007', { condition: 'down', cpus_used: 0, incidents: ['i-1'] })
    const cells = pictureOf(groupsOf(nodes, 'rack'), 1000).blocks.flatMap((block) => block.cells)
    expect(cells.length).toBeLessThanOrEqual(MOST_CELLS)
    expect(cells.flatMap((cell) => cell.nodes)).toHaveLength(10_000)
    expect(cells[1]).toMatchObject({ condition: 'down', ill: true, used: 0.4 })
  })

  it('is walked by the arrow keys and never left by them', () => {
    const picture = pictureOf(groupsOf(many(130), 'rack'), 1000)
    const columns = picture.blocks[0]?.columns ?? 0
    expect(stepFrom(picture, 0, 'ArrowDown')).toBe(columns)
    expect(stepFrom(picture, 99, 'ArrowRight')).toBe(100)
    expect(stepFrom(picture, 0, 'ArrowLeft')).toBe(0)
    expect(stepFrom(picture, 5, 'End')).toBe(129)
    expect(stepFrom(picture, 129, 'ArrowDown')).toBe(129)
    expect(stepFrom(picture, 129, 'x')).toBe(129)
  })
})
