// Whether the page runs as an installed app, and the link that opens one.

/** Is this page in a window of its own, rather than in a tab? */
export function isInApp(): boolean {
  const { standalone } = navigator as { standalone?: boolean }
  return standalone === true || !matchMedia('(display-mode: browser)').matches
}

/** Opens the app of a computer, with a code where there is one: the app takes letters, digits and hyphens alone. */
export function appLink(host: string, code: string | null): string {
  const kept = code !== null && /^[0-9A-Za-z-]{1,20}$/.test(code) ? `i#${code}` : ''
  return `viva://${host}/${kept}`
}
