import { expect, test } from 'vitest'
import type { DagNode } from '../api/dags'
import { BOX, layout } from './layout'

const node = (name: string, ...parents: string[]): DagNode => ({
  name,
  parents,
  state: 'QUEUEING',
  job_ids: [],
  reason: null,
})
const columns = (nodes: DagNode[]) => {
  const { places } = layout(nodes)
  const xs = [...new Set(places.map(({ x }) => x))].toSorted((a, b) => a - b)
  return xs.map((at) => places.filter(({ x }) => x === at).map(({ node }) => node.name))
}

test('each node stands to the right of all that it waits for', () => {
  const nodes = [node('merge', 'left', 'right'), node('left', 'first'), node('right', 'first'), node('first')]
  expect(columns(nodes)).toEqual([['first'], ['left', 'right'], ['merge']])
  expect(layout(nodes).edges).toHaveLength(4)
})

test('no two boxes overlap and all are within the picture', () => {
  const { places, width, height } = layout(Array.from({ length: 7 }, (_, index) => node(`n${index}`)))
  expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(7)
  for (const { x, y } of places) expect(x + BOX.width <= width && y + BOX.height <= height).toBe(true)
})

test('what waits for itself or for nobody that is there is drawn all the same', () => {
  const odd = layout([node('a', 'b'), node('b', 'a'), node('c', 'gone')])
  expect(odd.places).toHaveLength(3)
  expect(Number.isFinite(odd.width)).toBe(true)
  expect(layout([])).toEqual({ places: [], edges: [], width: 0, height: 0 })
})
