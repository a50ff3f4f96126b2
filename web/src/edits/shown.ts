/** The conversation that is drawn, where its reader may do something in it. */
import { getContext, setContext } from 'svelte'

/** What one does by hand with a file holds its text, and becomes a part of the conversation unless others read that. */
export type Shown = { sessionId: string; othersRead: () => boolean }

const KEY = Symbol('conversation')

export const showConversation = (shown: Shown): void => {
  setContext(KEY, shown)
}

export const conversationShown = (): Shown | null => getContext<Shown | undefined>(KEY) ?? null
