/** Functions by the CPU time that stacks stand for. Pure. */
import type { Stack } from '../api/joblens'

/** Shares of the whole: in the function itself, and with what it calls. */
export type FunctionShare = { name: string; itself: number; withCalled: number }

export function functionsOf(stacks: readonly Stack[], most: number): FunctionShare[] {
  const itself = new Map<string, number>()
  const withCalled = new Map<string, number>()
  let whole = 0
  for (const { frames, cpu_ns } of stacks) {
    whole += cpu_ns
    add(itself, frames.at(-1) ?? '', cpu_ns)
    for (const name of new Set(frames)) add(withCalled, name, cpu_ns)
  }
  return [...withCalled.keys()]
    .map((name) => ({ name, itself: (itself.get(name) ?? 0) / whole, withCalled: (withCalled.get(name) ?? 0) / whole }))
    .sort((one, other) => other.itself - one.itself || other.withCalled - one.withCalled)
    .slice(0, most)
}

function add(sums: Map<string, number>, name: string, much: number): void {
  sums.set(name, (sums.get(name) ?? 0) + much)
}
