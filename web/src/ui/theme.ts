// Light or dark: as the system says, unless the person chose.

export type Theme = 'system' | 'light' | 'dark'

const KEY = 'viva.theme'

export function readTheme(): Theme {
  const saved = localStorage.getItem(KEY)
  return saved === 'light' || saved === 'dark' ? saved : 'system'
}

export function saveTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme)
  applyTheme(theme)
}

const dark = matchMedia('(prefers-color-scheme: dark)')
let applied: Theme = 'system'

/** Marks the document; `system` follows the system from now on. */
export function applyTheme(theme: Theme): void {
  applied = theme
  document.documentElement.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme
}

dark.addEventListener('change', () => applyTheme(applied))
