// Tests of the service worker: what it answers, and above all what it leaves to the network.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { beforeEach, describe, expect, test } from 'vitest'

const SOURCE = readFileSync(join(import.meta.dirname, '../../public/sw.js'), 'utf8')
const HERE = 'https://exam.example.edu'

interface Asked {
  url: string
  mode?: string
  method?: string
  range?: string
}

/** The worker with a cache, and a network that answers with what stands in `served`. */
class Stage {
  readonly kept = new Map<string, Response>()
  readonly served = new Map<string, { body: string; type?: string; status?: number }>()
  readonly fetched: string[] = []
  offline = false
  readonly #listeners = new Map<string, (event: unknown) => void>()

  constructor() {
    const path = (request: { url: string } | string) =>
      new URL(typeof request === 'string' ? request : request.url, HERE).pathname
    const fetch = (request: { url: string } | string) => {
      this.fetched.push(path(request))
      const found = this.served.get(path(request))
      if (this.offline) return Promise.reject(new TypeError('offline'))
      const { body, type = 'text/html', status = 200 } = found ?? { body: 'nothing', status: 404 }
      return Promise.resolve(new Response(body, { status, headers: { 'content-type': type } }))
    }
    const cache = {
      match: (request: { url: string } | string) => Promise.resolve(this.kept.get(path(request))?.clone()),
      put: (request: { url: string } | string, response: Response) =>
        Promise.resolve(void this.kept.set(path(request), response)),
      delete: (request: { url: string }) => Promise.resolve(this.kept.delete(path(request))),
      keys: () => Promise.resolve([...this.kept.keys()].map((name) => ({ url: HERE + name }))),
      add: async (request: string) => void this.kept.set(path(request), await fetch(request)),
    }
    const caches = {
      open: () => Promise.resolve(cache),
      match: cache.match,
      keys: () => Promise.resolve(['viva-shell-0', 'viva-shell-1', 'another']),
      delete: () => Promise.resolve(true),
    }
    const self = {
      location: new URL(`${HERE}/sw.js`),
      addEventListener: (kind: string, listener: (event: unknown) => void) =>
        this.#listeners.set(kind, listener),
      skipWaiting: () => Promise.resolve(),
      clients: { claim: () => Promise.resolve() },
    }
    runInNewContext(SOURCE, { self, caches, fetch, URL, Promise })
  }

  async install() {
    let installed: Promise<unknown> = Promise.resolve()
    this.#listeners.get('install')?.({ waitUntil: (work: Promise<unknown>) => (installed = work) })
    await installed
  }

  /** What the worker answers; null where it leaves the request to the browser. */
  async ask({ url, mode = 'no-cors', method = 'GET', range }: Asked): Promise<string | null> {
    let answer: Promise<Response> | null = null
    const headers = new Headers(range === undefined ? {} : { range })
    this.#listeners.get('fetch')?.({
      request: { url: new URL(url, HERE).href, mode, method, headers },
      respondWith: (given: Promise<Response>) => (answer = given),
    })
    if (answer === null) return null
    return (await (answer as Promise<Response>)).text()
  }
}

let stage: Stage
beforeEach(async () => {
  stage = new Stage()
  for (const path of ['/', '/candidate/invitation', '/host/0123456789abcdef'])
    stage.served.set(path, { body: 'shell 1' })
  stage.served.set('/assets/a-1.js', { body: 'part', type: 'text/javascript' })
  await stage.install()
})

describe('what it leaves alone', () => {
  const LEFT: Asked[] = [
    { url: '/api/settings' },
    { url: '/api/candidate', mode: 'cors' },
    { url: '/api/candidates/0123456789abcdef/photo' },
    { url: '/downloads/Viva.zip', mode: 'navigate' },
    { url: '/metrics', mode: 'navigate' },
    { url: '/whip/exam', method: 'POST' },
    { url: '/i', method: 'POST', mode: 'navigate' },
    { url: 'https://elsewhere.example/assets/a.js' },
    { url: '/assets/a-1.js', range: 'bytes=0-9' },
    { url: '/assets/../api/settings' },
    { url: '/secret.txt' },
  ]
  test.each(LEFT)('$method $mode $url', async (asked) => {
    expect(await stage.ask(asked)).toBe(null)
    expect([...stage.kept.keys()]).toEqual(['/'])
  })
})

test('no address of a page is kept, only the shell under its one name', async () => {
  expect(await stage.ask({ url: '/candidate/invitation?from=sms', mode: 'navigate' })).toBe('shell 1')
  expect(await stage.ask({ url: '/host/0123456789abcdef', mode: 'navigate' })).toBe('shell 1')
  expect([...stage.kept.keys()]).toEqual(['/'])
})

test('without a network every page is the shell, with the parts that were there', async () => {
  await stage.ask({ url: '/assets/a-1.js' })
  stage.offline = true
  expect(await stage.ask({ url: '/candidate/room', mode: 'navigate' })).toBe('shell 1')
  expect(await stage.ask({ url: '/assets/a-1.js' })).toBe('part')
  await expect(stage.ask({ url: '/assets/b-2.js' })).rejects.toThrow('offline')
})

test('a part is fetched once, and goes when a new shell comes', async () => {
  await stage.ask({ url: '/assets/a-1.js' })
  await stage.ask({ url: '/assets/a-1.js' })
  expect(stage.fetched.filter((path) => path === '/assets/a-1.js')).toHaveLength(1)
  await stage.ask({ url: '/', mode: 'navigate' })
  expect([...stage.kept.keys()]).toEqual(['/', '/assets/a-1.js'])
  stage.served.set('/', { body: 'shell 2' })
  await stage.ask({ url: '/', mode: 'navigate' })
  expect([...stage.kept.keys()]).toEqual(['/'])
  stage.offline = true
  expect(await stage.ask({ url: '/', mode: 'navigate' })).toBe('shell 2')
})

test('what the server refuses is not kept', async () => {
  stage.served.set('/admin', { body: 'no', status: 503 })
  stage.served.set('/seats', { body: '{}', type: 'application/json' })
  expect(await stage.ask({ url: '/admin', mode: 'navigate' })).toBe('no')
  expect(await stage.ask({ url: '/seats', mode: 'navigate' })).toBe('{}')
  expect(await stage.kept.get('/')?.clone().text()).toBe('shell 1')
  expect(await stage.ask({ url: '/assets/gone.js' })).toBe('nothing')
  expect([...stage.kept.keys()]).toEqual(['/'])
})
