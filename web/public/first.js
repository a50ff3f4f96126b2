// Before anything is drawn: the theme that was chosen, else the system's, so that nothing flashes.
// It keeps to src/theme/theme.svelte.ts.
{
  const chosen = localStorage.getItem('ink.theme')
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  document.documentElement.dataset.theme = chosen === 'light' || chosen === 'dark' ? chosen : system
}
