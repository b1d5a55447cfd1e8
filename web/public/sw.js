// Keeps the shell of the pages, so that an installed app opens without a network and says so. It keeps no answer of the
// API, no media and no address of a page: whatever page is opened, the shell stands under one name.

const CACHE = 'viva-shell-1'
const SHELL = '/'
/** Parts that the build names by their contents; beside them the shell needs only these. */
const KEPT = /^\/(?:assets\/[\w.-]+|icons\/[\w.-]+|favicon\.svg|manifest\.webmanifest)$/
/** First parts of the addresses of pages. All else, such as downloads, is the network's alone. */
const PAGES =
  /^\/(?:admin|candidate|connection-test|download|download-mobile|examiner|host|i|patrol|room|seats|second|signin|staff)?(?:\/[^.]*)?$/

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.add(SHELL))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', (event) => {
  const old = caches
    .keys()
    .then((names) => names.filter((name) => name.startsWith('viva-') && name !== CACHE))
  event.waitUntil(
    old
      .then((names) => Promise.all(names.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin || request.headers.has('range')) return
  if (request.mode === 'navigate') {
    if (PAGES.test(pathname)) event.respondWith(page(request))
  } else if (pathname.startsWith('/assets/') && KEPT.test(pathname)) {
    event.respondWith(unchanging(request))
  } else if (KEPT.test(pathname)) {
    event.respondWith(newest(request))
  }
})

/** The page from the server; the shell where there is no network. */
async function page(request) {
  try {
    const response = await fetch(request)
    const isShell =
      response.ok && !response.redirected && /^text\/html/.test(response.headers.get('content-type') ?? '')
    if (isShell) await keepShell(response.clone())
    return response
  } catch (error) {
    const kept = await caches.match(SHELL, { cacheName: CACHE })
    if (kept) return kept
    throw error
  }
}

/** A new shell names other parts: the old ones go. */
async function keepShell(response) {
  const cache = await caches.open(CACHE)
  const [old, text] = await Promise.all([
    cache.match(SHELL).then((kept) => kept?.text()),
    response.clone().text(),
  ])
  if (old === text) return
  for (const request of await cache.keys()) {
    if (new URL(request.url).pathname.startsWith('/assets/')) await cache.delete(request)
  }
  await cache.put(SHELL, response)
}

/** What never changes under its name: from the cache once it is there. */
async function unchanging(request) {
  const cache = await caches.open(CACHE)
  const kept = await cache.match(request)
  if (kept) return kept
  const response = await fetch(request)
  if (response.ok) await cache.put(request, response.clone())
  return response
}

/** From the server; what was there last where there is no network. */
async function newest(request) {
  const cache = await caches.open(CACHE)
  try {
    const response = await fetch(request)
    if (response.ok) await cache.put(request, response.clone())
    return response
  } catch (error) {
    const kept = await cache.match(request)
    if (kept) return kept
    throw error
  }
}
