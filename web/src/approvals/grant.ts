/** What the dialog of a wider approval makes of the approver's choices. */
import type { Arguments, GrantRequest } from '../api/types'

export type Choice = { kind: 'same' | 'under' | 'any'; directory: string }

/** Every argument the same; of a path, its own directory stands ready. */
export function firstChoices(args: Arguments): Record<string, Choice> {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, { kind: 'same', directory: directoryOf(value) }]),
  )
}

export function isPath(value: unknown): boolean {
  return directoryOf(value) !== ''
}

export function pattern(choices: Record<string, Choice>): NonNullable<GrantRequest['pattern']> {
  const differing = Object.entries(choices).filter(([, choice]) => choice.kind !== 'same')
  return Object.fromEntries(
    differing.map(([name, choice]) => [
      name,
      choice.kind === 'under' ? { kind: 'under', value: choice.directory } : { kind: 'any' },
    ]),
  )
}

function directoryOf(value: unknown): string {
  if (typeof value !== 'string' || /\s/.test(value)) return ''
  const end = value.lastIndexOf('/')
  return end > 0 ? value.slice(0, end) : ''
}
