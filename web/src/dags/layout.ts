/** Where the nodes of a DAG are drawn: each to the right of all that it waits for. Pure. */
import type { DagNode } from '../api/dags'

export const BOX = { width: 132, height: 40 }
const GAP = { across: 46, down: 12 }

export type Place = { node: DagNode; x: number; y: number }
export type Layout = { places: Place[]; edges: string[]; width: number; height: number }

export function layout(nodes: readonly DagNode[]): Layout {
  const columns = inColumns(nodes)
  const height = Math.max(0, ...columns.map((column) => rows(column.length)))
  const places = columns.flatMap((column, across) => placed(column, across, height))
  const at = new Map(places.map((place) => [place.node.name, place]))
  const edges = places.flatMap((place) =>
    place.node.parents.flatMap((name) => (at.has(name) ? edge(at.get(name) as Place, place) : [])),
  )
  return { places, edges, width: Math.max(0, columns.length * (BOX.width + GAP.across) - GAP.across), height }
}

const rows = (count: number) => count * (BOX.height + GAP.down) - GAP.down

/** The nodes by how many others there are at most before them in a row. */
function inColumns(nodes: readonly DagNode[]): DagNode[][] {
  const depths = depthsOf(nodes)
  const columns: DagNode[][] = []
  for (const node of nodes) {
    const depth = depths.get(node.name) ?? 0
    while (columns.length <= depth) columns.push([])
    columns[depth]?.push(node)
  }
  return columns.filter((column) => column.length > 0)
}

/** What waits for itself, which a job may claim, is drawn all the same: each round goes one step, and there are so many. */
function depthsOf(nodes: readonly DagNode[]): Map<string, number> {
  const depths = new Map(nodes.map((node) => [node.name, 0]))
  for (let round = 0, moved = true; moved && round < nodes.length; round++) {
    moved = false
    for (const { name, parents } of nodes) {
      const depth = Math.max(0, ...parents.map((parent) => (depths.get(parent) ?? -1) + 1))
      moved ||= depth > (depths.get(name) ?? 0)
      depths.set(name, Math.min(depth, nodes.length - 1))
    }
  }
  return depths
}

function placed(column: DagNode[], across: number, height: number): Place[] {
  const top = (height - rows(column.length)) / 2
  const x = across * (BOX.width + GAP.across)
  return column.map((node, down) => ({ node, x, y: top + down * (BOX.height + GAP.down) }))
}

/** The `d` of an SVG path. */
function edge(from: Place, to: Place): string {
  const [x1, y1] = [from.x + BOX.width, from.y + BOX.height / 2]
  const [x2, y2] = [to.x, to.y + BOX.height / 2]
  const middle = (x1 + x2) / 2
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`
}
