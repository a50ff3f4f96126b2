/** What is named in a message by `@job:172.0`, `@file:analysis/select.py`, `@node:node-007` or `@skill:dirac`. Pure. */

export const MENTIONS = ['job', 'file', 'node', 'skill'] as const
export type MentionKind = (typeof MENTIONS)[number]
/** What is being typed: from `start` to the cursor. Without a kind yet, `query` is the beginning of one. */
export type Mention = { start: number; kind: MentionKind | null; query: string }
/** `text` is what is typed for it; `detail` tells people more. One that is `open` goes on: a kind, or a directory. */
export type Suggestion = { text: string; detail: string; open: boolean }

const MOST = 8

/** The mention that the cursor stands at the end of. */
export function mentionAt(text: string, cursor: number): Mention | null {
  const found = /(?:^|[\s(（，。])@(?:(job|file|node|skill):)?([\w.@/+-]*)$/u.exec(text.slice(0, cursor))
  if (!found) return null
  const [whole, kind, query = ''] = found
  const start = found.index + whole.indexOf('@')
  return { start, kind: (kind as MentionKind | undefined) ?? null, query }
}

/** Kinds that begin as what was typed. */
export function kinds(query: string, words: Record<MentionKind, string>): Suggestion[] {
  return MENTIONS.filter((kind) => kind.startsWith(query)).map((kind) => ({
    text: `@${kind}:`,
    detail: words[kind],
    open: true,
  }))
}

/** The few that fit best: those that begin so before those that have it inside. What is typed to its end is none. */
export function fitting(all: readonly Suggestion[], query: string): Suggestion[] {
  const wanted = query.toLowerCase()
  const rank = ({ text, detail }: Suggestion) => {
    const name = text.slice(text.indexOf(':') + 1).toLowerCase()
    if (name.startsWith(wanted)) return 0
    return name.includes(wanted) || detail.toLowerCase().includes(wanted) ? 1 : 2
  }
  return all
    .filter((one) => rank(one) < 2 && !one.text.endsWith(`:${query}`))
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, MOST)
}

/** The directory whose entries complete a path, '.' for the first one. */
export const directoryOf = (path: string): string =>
  path.includes('/') ? path.slice(0, path.lastIndexOf('/')) || '/' : '.'

/** The message with what was chosen, and where the cursor is then. */
export function completed(
  text: string,
  mention: Mention,
  cursor: number,
  chosen: Suggestion,
): { text: string; cursor: number } {
  const rest = text.slice(cursor)
  const put = `${chosen.text}${chosen.open || /^\s/.test(rest) ? '' : ' '}`
  return { text: text.slice(0, mention.start) + put + rest, cursor: mention.start + put.length }
}
