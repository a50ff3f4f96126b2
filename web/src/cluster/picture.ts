/** The picture of a cluster: which nodes stand together, and where each is drawn. Pure; lengths are in pixels. */
import type { NodeCondition, NodeTile } from '../api/site'

export const CELL = 15
export const GAP = 3
const STEP = CELL + GAP
const HEAD = 20
const PAD = 8
const BETWEEN = 12
/** More cells than these are joined, so that the picture stays one that is seen at once. */
export const MOST_CELLS = 2_000

export type GroupBy = 'partition' | 'rack' | 'condition'
export type Group = { name: string; nodes: NodeTile[] }
/** One node, or several alike neighbours where there are very many; its condition is the worst of theirs. */
export type Cell = { nodes: NodeTile[]; condition: NodeCondition; used: number; ill: boolean; x: number; y: number }
export type Block = {
  name: string
  cells: Cell[]
  columns: number
  x: number
  y: number
  width: number
  height: number
}
export type Picture = { blocks: Block[]; width: number; height: number }

const WORST: readonly NodeCondition[] = ['down', 'maintenance', 'works']

/** Nodes of one rack are named alike but for their last two digits: wn0112 and wn0187 stand in wn01. */
export function rackOf(node: string): string {
  const short = node.split('.')[0] ?? node
  return short.replace(/\d{1,2}$/, '') || short
}

export function groupsOf(nodes: readonly NodeTile[], by: GroupBy): Group[] {
  const found = new Map<string, NodeTile[]>()
  for (const node of nodes) {
    const name = by === 'rack' ? rackOf(node.node) : by === 'condition' ? node.condition : (node.partitions[0] ?? '')
    const group = found.get(name)
    if (group) group.push(node)
    else found.set(name, [node])
  }
  const order = (name: string) => (by === 'condition' ? String(WORST.indexOf(name as NodeCondition)) : name)
  return [...found]
    .map(([name, some]) => ({ name, nodes: some }))
    .sort((a, b) => order(a.name).localeCompare(order(b.name), 'en', { numeric: true }))
}

/** Partitions where the scheduler has some, else racks. */
export const naturalGroups = (nodes: readonly NodeTile[]): GroupBy =>
  nodes.some((node) => node.partitions.length > 0) ? 'partition' : 'rack'

/** Blocks side by side, as wide as there is room, each as square as it can be. */
export function pictureOf(groups: readonly Group[], width: number): Picture {
  const total = groups.reduce((sum, group) => sum + group.nodes.length, 0)
  const together = Math.max(1, Math.ceil(total / MOST_CELLS))
  const widest = Math.max(1, Math.floor((width - 2 * PAD) / STEP))
  const blocks: Block[] = []
  let [x, y, tallest] = [0, 0, 0]
  for (const group of groups) {
    const cells = joined(group.nodes, together)
    const columns = Math.min(widest, Math.max(6, Math.ceil(Math.sqrt(cells.length * 2))))
    const size = {
      width: columns * STEP - GAP + 2 * PAD,
      height: HEAD + Math.ceil(cells.length / columns) * STEP - GAP + 2 * PAD,
    }
    if (x > 0 && x + size.width > width) [x, y, tallest] = [0, y + tallest + BETWEEN, 0]
    const placed = cells.map((cell, place) => ({
      ...cell,
      x: x + PAD + (place % columns) * STEP,
      y: y + HEAD + PAD + Math.floor(place / columns) * STEP,
    }))
    blocks.push({ name: group.name, cells: placed, columns, x, y, ...size })
    x += size.width + BETWEEN
    tallest = Math.max(tallest, size.height)
  }
  return { blocks, width, height: y + tallest }
}

function joined(nodes: readonly NodeTile[], together: number): Omit<Cell, 'x' | 'y'>[] {
  const cells: Omit<Cell, 'x' | 'y'>[] = []
  for (let at = 0; at < nodes.length; at += together) cells.push(cellOf(nodes.slice(at, at + together)))
  return cells
}

function cellOf(nodes: NodeTile[]): Omit<Cell, 'x' | 'y'> {
  const cpus = nodes.reduce((sum, node) => sum + node.cpus, 0)
  const used = nodes.reduce((sum, node) => sum + node.cpus_used, 0)
  return {
    nodes,
    condition: WORST.find((one) => nodes.some((node) => node.condition === one)) ?? 'works',
    used: cpus > 0 ? Math.min(1, used / cpus) : 0,
    ill: nodes.some((node) => node.incidents.length > 0),
  }
}

/** Where an arrow key leads from a cell: along its block, and over its edge into the next one. */
export function stepFrom(picture: Picture, at: number, key: string): number {
  const all = picture.blocks.flatMap((block) => block.cells.map(() => block))
  const block = all[at]
  if (block === undefined) return 0
  const steps: Record<string, number> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: block.columns,
    ArrowUp: -block.columns,
  }
  if (key === 'Home') return 0
  if (key === 'End') return all.length - 1
  return Math.max(0, Math.min(all.length - 1, at + (steps[key] ?? 0)))
}
