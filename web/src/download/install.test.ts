// Tests of what becomes of the browser's offer to install.
import { expect, test, vi } from 'vitest'
import { Installation } from './install'

function offer(target: EventTarget, outcome: 'accepted' | 'dismissed' | Error) {
  const prompt = vi.fn(() =>
    outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve({ outcome }),
  )
  const event = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), { prompt })
  target.dispatchEvent(event)
  return { event, prompt }
}

test('an offer is kept from the browser’s own bar and used once', async () => {
  const target = new EventTarget()
  const installation = new Installation(target, false)
  await installation.ask()
  expect(installation.state.value).toBe('none')
  const { event, prompt } = offer(target, 'accepted')
  expect([event.defaultPrevented, installation.state.value]).toEqual([true, 'offered'])
  await Promise.all([installation.ask(), installation.ask()])
  expect([prompt.mock.calls.length, installation.state.value]).toEqual([1, 'installed'])
})

test('who declines, and a browser that fails, leave the instruction', async () => {
  for (const outcome of ['dismissed', new Error('no')] as const) {
    const target = new EventTarget()
    const installation = new Installation(target, false)
    offer(target, outcome)
    await installation.ask()
    expect(installation.state.value).toBe('none')
    // A later offer counts.
    offer(target, 'accepted')
    expect(installation.state.value).toBe('offered')
  }
})

test('what the browser’s own menu installed is installed, and the app says so itself', () => {
  const target = new EventTarget()
  const installation = new Installation(target, false)
  target.dispatchEvent(new Event('appinstalled'))
  expect(installation.state.value).toBe('installed')
  expect(new Installation(new EventTarget(), true).state.value).toBe('installed')
})
