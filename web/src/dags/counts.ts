/** Nodes by state in words, always in the same order. Pure. */
import type { JobState } from '../api/types'
import type { Messages } from '../i18n/en'

export const counted = (counts: Partial<Record<JobState, number>>, { jobs }: Messages): string =>
  Object.entries(jobs.states)
    .flatMap(([state, word]) => (counts[state as JobState] ? [`${counts[state as JobState]} ${word}`] : []))
    .join(', ')
