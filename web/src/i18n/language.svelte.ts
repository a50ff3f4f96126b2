/** The page's language. `t()` is the dictionary of the moment; reading it in a component follows a change. */
import { en, type Messages } from './en'
import { zh } from './zh'

export type Language = 'en' | 'zh'
const KEY = 'ink.language'
const dictionaries: Record<Language, Messages> = { en, zh }

class Choice {
  language = $state<Language>(initial())

  choose(language: Language): void {
    this.language = language
    localStorage.setItem(KEY, language)
  }
}

/** What was chosen, else what the browser says; English where there is no browser, as in tests of what is pure. */
function initial(): Language {
  const stored = globalThis.localStorage?.getItem(KEY)
  if (stored === 'en' || stored === 'zh') return stored
  return globalThis.navigator?.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

export const choice = new Choice()
export const t = (): Messages => dictionaries[choice.language]
