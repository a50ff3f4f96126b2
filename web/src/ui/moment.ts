/** The moment that a part of the page shows: now, or in a replay one of the past, in which nothing can be decided. */
import { getContext, setContext } from 'svelte'
import { clock } from './clock.svelte'

export type Moment = { readonly now: number; readonly past: boolean }

const KEY = Symbol('moment')
const present: Moment = {
  get now() {
    return clock.now
  },
  past: false,
}

export const momentShown = (): Moment => getContext<Moment | undefined>(KEY) ?? present

/** What is drawn inside this component shows the moment that `now` tells, in ms since 1970. */
export function showPast(now: () => number): void {
  setContext<Moment>(KEY, {
    get now() {
      return now()
    },
    past: true,
  })
}
