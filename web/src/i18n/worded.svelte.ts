/** What the server says in words, in the page's language as far as it is known there; fetched when first needed. */
import { choice } from './language.svelte'
import { Sentences } from './sentences'

let chinese = $state.raw<Sentences | null>(null)
let fetching = false

export function worded(text: string): string {
  if (choice.language === 'en') return text
  if (!fetching) void fetchChinese()
  return chinese?.said(text) ?? text
}

/** Without it the server's own words are shown: after a new release the file may be gone. */
async function fetchChinese(): Promise<void> {
  fetching = true
  try {
    chinese = new Sentences((await import('./zh/sentences.json')).default)
  } catch {
    chinese = null
  }
}
