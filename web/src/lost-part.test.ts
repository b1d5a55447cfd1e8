// Tests of a part that does not come: who is on the way gets the newer page, and nobody loses the page they are on.
import { beforeEach, expect, test, vi } from 'vitest'
import { forgetLoss, lose, loss, type Surroundings, watchParts } from './lost-part'

const page = (entry: string) =>
  `<!doctype html><title>Viva</title><script type="module" crossorigin src="${entry}"></script>`

class Around implements Surroundings {
  readonly entry = '/assets/main-1.js'
  served: string | null = page(this.entry)
  reloadedFor: string | null = null
  readonly opened: string[] = []

  fetchPage(): Promise<string> {
    return this.served === null ? Promise.reject(new TypeError('offline')) : Promise.resolve(this.served)
  }

  open(address: string): void {
    this.opened.push(address)
  }
}

let around: Around
beforeEach(() => {
  around = new Around()
  forgetLoss()
})

test('who goes to another page gets it from the newer pages, once', async () => {
  around.served = page('/assets/main-2.js')
  await lose('/candidate/invitation#CODE', around)
  expect([around.opened, loss.value]).toEqual([['/candidate/invitation#CODE'], null])
  await lose('/candidate/invitation#CODE', around)
  expect([around.opened.length, loss.value]).toEqual([1, 'newer'])
  // The next upgrade is another one.
  around.served = page('/assets/main-3.js')
  await lose('/seats', around)
  expect(around.opened).toEqual(['/candidate/invitation#CODE', '/seats'])
})

test.each([
  ['newer', page('/assets/main-2.js'), null],
  ['missing', page('/assets/main-1.js'), null],
  ['missing', page('/assets/main-1.js'), '/seats'],
  ['unreachable', null, null],
  ['unreachable', null, '/seats'],
  ['unreachable', 'a gateway that says something else', '/seats'],
] as const)('nobody loses the page they are on: %s', async (why, served, target) => {
  around.served = served
  await lose(target, around)
  expect([around.opened, loss.value]).toEqual([[], why])
})

test('the router says who was on the way; its other errors are not lost parts', async () => {
  const listeners: ((event: { payload: Error }) => void)[] = []
  vi.stubGlobal('addEventListener', (_: string, listener: (typeof listeners)[number]) =>
    listeners.push(listener),
  )
  let failed: (error: unknown, to: { fullPath: string }) => void = () => undefined
  watchParts({ onError: (handler) => (failed = handler as typeof failed) as never }, around)
  around.served = page('/assets/main-2.js')

  failed(new Error('another'), { fullPath: '/seats' })
  const lost = new TypeError('Failed to fetch dynamically imported module')
  listeners[0]?.({ payload: lost })
  failed(lost, { fullPath: '/host/7' })
  await vi.waitFor(() => expect(around.opened).toEqual(['/host/7']))

  listeners[0]?.({ payload: new TypeError('on the page') })
  await vi.waitFor(() => expect(loss.value).toBe('newer'))
  expect(around.opened).toEqual(['/host/7'])
})
