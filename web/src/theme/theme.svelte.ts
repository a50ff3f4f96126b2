/** Light or dark: the system's choice until the user makes one. */

export type ThemeName = 'light' | 'dark'
const KEY = 'ink.theme'

class Theme {
  #system = matchMedia('(prefers-color-scheme: dark)')
  #systemDark = $state(this.#system.matches)
  #chosen = $state<ThemeName | null>(stored())

  readonly name: ThemeName = $derived(this.#chosen ?? (this.#systemDark ? 'dark' : 'light'))

  constructor() {
    this.#system.addEventListener('change', (event) => {
      this.#systemDark = event.matches
    })
  }

  toggle(): void {
    this.#chosen = this.name === 'dark' ? 'light' : 'dark'
    localStorage.setItem(KEY, this.#chosen)
  }
}

function stored(): ThemeName | null {
  const name = localStorage.getItem(KEY)
  return name === 'light' || name === 'dark' ? name : null
}

export const theme = new Theme()
