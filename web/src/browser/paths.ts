/** Paths relative to the home, `.` being the home itself; on a storage they begin with `/`. Pure. */

export function join(directory: string, name: string): string {
  if (directory === '.' || directory === '') return name
  return directory.endsWith('/') ? `${directory}${name}` : `${directory}/${name}`
}

export function parentOf(path: string): string {
  const cut = path.lastIndexOf('/')
  if (cut === 0) return '/'
  return cut < 0 ? '.' : path.slice(0, cut)
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** The directories above and including `path`, outermost first, without the home or root. */
export function crumbs(path: string): { name: string; path: string }[] {
  const names = path.split('/').filter((name) => name !== '' && name !== '.')
  const root = path.startsWith('/') ? '/' : ''
  return names.map((name, index) => ({ name, path: `${root}${names.slice(0, index + 1).join('/')}` }))
}

/** Why a name cannot be one; null for a good one. */
export function badName(name: string): 'empty' | 'slash' | null {
  if (name === '' || name === '.' || name === '..') return 'empty'
  return name.includes('/') || name.includes('\0') ? 'slash' : null
}
