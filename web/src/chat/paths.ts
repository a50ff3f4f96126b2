/** A conversation as a tree of turns, of which one path goes on. Pure. Turns count from 1; 0 is the beginning. */

/** `parents[turn]` is the turn before it; `head` is the last turn of the path. */
export type Paths = { parents: readonly number[]; head: number }

export const noTurns: Paths = { parents: [-1], head: 0 }

/** One more turn, after the head. */
export const grown = (paths: Paths): Paths => ({ parents: [...paths.parents, paths.head], head: paths.parents.length })

export const moved = (paths: Paths, head: number): Paths => ({ ...paths, head })

export function onPath(paths: Paths): ReadonlySet<number> {
  const path = new Set<number>()
  for (let turn = paths.head; turn >= 0; turn = paths.parents[turn] ?? -1) path.add(turn)
  return path
}

/** All turns that began where this one did, itself included. */
export function siblings(paths: Paths, turn: number): number[] {
  const parent = paths.parents[turn]
  return [...paths.parents.keys()].filter((one) => one > 0 && paths.parents[one] === parent)
}

/** The latest turn of those that came after this one, or itself: where its way was left. */
export function tip(paths: Paths, turn: number): number {
  const after = new Set([turn])
  for (let one = turn + 1; one < paths.parents.length; one++) if (after.has(paths.parents[one] ?? -1)) after.add(one)
  return Math.max(...after)
}
