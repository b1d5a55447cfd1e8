// Starts the service worker, which keeps the shell of the pages: what it keeps stands in public/sw.js.

export function startWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  // What the page itself needs comes first. Without a worker everything works but the start without a network.
  const start = () => navigator.serviceWorker.register('/sw.js').catch(() => undefined)
  if (document.readyState === 'complete') void start()
  else addEventListener('load', () => void start(), { once: true })
}
