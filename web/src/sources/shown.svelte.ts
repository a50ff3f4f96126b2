/** Which place of which call is pointed at, in one conversation, and what its pages can do to show it. */
import { getContext, setContext } from 'svelte'
import type { Item } from '../chat/view'
import { type Source, Sources } from './sources'

const KEY = Symbol('sources')

export class ShownSources {
  /** A new object with every press, so that the same place is shown again. */
  pointed = $state.raw<{ source: Source } | null>(null)

  constructor(
    readonly items: () => readonly Item[],
    readonly openFile: ((path: string, line: number | null) => void) | null,
  ) {}

  /** Of the answer with this key; what comes after it is no source of it. */
  before(key: string): Sources {
    const items = this.items()
    const place = items.findIndex((item) => item.key === key)
    return new Sources(items.slice(0, Math.max(0, place)))
  }

  point(source: Source): void {
    this.pointed = { source }
  }
}

/** Of the conversation that is drawn in this component; `openFile` where the files of its agent are beside it. */
export function showSources(
  items: () => readonly Item[],
  openFile: ((path: string, line: number | null) => void) | null = null,
): void {
  setContext(KEY, new ShownSources(items, openFile))
}

export const shownSources = (): ShownSources | undefined => getContext<ShownSources | undefined>(KEY)
