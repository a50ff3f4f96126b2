/** What can be named in a message: looked up when it is first asked for, and kept while the message is written. */
import { result } from '../api/calls'
import { jobs } from '../api/routes'
import { nodeMap } from '../api/site'
import type { FileList } from '../api/types'
import { t } from '../i18n/language.svelte'
import { directoryOf, fitting, kinds, type Mention, type MentionKind, type Suggestion } from './mentions'

const MOST_LOOKED_AT = 500

/** Where it is looked: a cluster, and the worker whose files they are, if there is one. */
export type Surroundings = { cluster: string; workerId: string | null }

export class Suggestions {
  shown = $state.raw<Suggestion[]>([])
  #known = new Map<string, Promise<Suggestion[]>>()
  #wanted: object = {}

  constructor(readonly around: () => Surroundings) {}

  /** Shows what fits; an answer that comes when something else is asked for is of no use. */
  async ask(mention: Mention | null): Promise<void> {
    const wanted = {}
    this.#wanted = wanted
    const found = mention ? await this.#fitting(mention) : []
    if (this.#wanted === wanted) this.shown = found
  }

  async #fitting({ kind, query }: Mention): Promise<Suggestion[]> {
    return kind === null ? kinds(query, t().chat.mentions) : fitting(await this.#all(kind, query), query)
  }

  #all(kind: MentionKind, query: string): Promise<Suggestion[]> {
    const { cluster, workerId } = this.around()
    const key = kind === 'file' ? `file ${workerId} ${directoryOf(query)}` : `${kind} ${cluster}`
    const known = this.#known.get(key) ?? look[kind](query, this.around())
    this.#known.set(key, known)
    // What could not be looked up has no suggestions; the next time it is tried again.
    return known.catch(() => {
      this.#known.delete(key)
      return []
    })
  }
}

const look: Record<MentionKind, (query: string, around: Surroundings) => Promise<Suggestion[]>> = {
  job: async (_, { cluster }) =>
    (await jobs({ cluster, limit: MOST_LOOKED_AT })).jobs.map((job) =>
      closed(`@job:${job.job_id}`, `${job.name} · ${t().jobs.states[job.state]}`),
    ),
  node: async (_, { cluster }) =>
    (await nodeMap(cluster)).map((node) => closed(`@node:${node.node}`, t().site.conditions[node.condition])),
  skill: async () => {
    const { skills } = await result<{ skills: { name: string; description: string }[] }>('list_skills', {})
    return skills.map((skill) => closed(`@skill:${skill.name}`, skill.description))
  },
  file: async (query, { workerId }) => {
    const path = directoryOf(query)
    const list = await result<FileList>('list_files', { path, limit: MOST_LOOKED_AT }, { workerId })
    const before = query.slice(0, query.lastIndexOf('/') + 1)
    return list.entries.map((entry) =>
      entry.kind === 'directory'
        ? { text: `@file:${before}${entry.name}/`, detail: '', open: true }
        : closed(`@file:${before}${entry.name}`, ''),
    )
  },
}

const closed = (text: string, detail: string): Suggestion => ({ text, detail, open: false })
