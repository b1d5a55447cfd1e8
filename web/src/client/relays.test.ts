// Tests of the time that credentials of TURN are good, and of how long is waited before they are used.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { IceServer } from './protocol'
import { Relays } from './relays'

const server = (credential: string): IceServer => ({
  urls: ['turn:exam.example.edu:3478?transport=udp', 'turns:exam.example.edu:443?transport=tcp'],
  username: '1800000000:0000000000000007',
  credential,
  expires_ms: 600_000,
})

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('what the server tells is handed to the browser without what only we understand', () => {
  const relays = new Relays(() => Promise.reject(new Error('not asked')))
  expect(relays.configuration.iceServers).toEqual([])
  relays.take([server('first')])
  const { urls, username, credential } = server('first')
  expect(relays.configuration).toEqual({
    bundlePolicy: 'max-bundle',
    iceServers: [{ urls, username, credential }],
    iceTransportPolicy: 'all',
  })
  relays.close()
})

test('credentials are asked for anew before they end, again and again', async () => {
  let asked = 0
  const relays = new Relays(() => Promise.resolve({ ice_servers: [server(`renewed ${++asked}`)] }))
  relays.take([server('first')])
  await vi.advanceTimersByTimeAsync(479_000)
  expect(asked).toBe(0)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(relays.configuration.iceServers?.[0]?.credential).toBe('renewed 1')
  await vi.advanceTimersByTimeAsync(481_000)
  expect(relays.configuration.iceServers?.[0]?.credential).toBe('renewed 2')
  relays.close()
  await vi.advanceTimersByTimeAsync(5_000_000)
  expect(asked).toBe(2)
})

test('a lost socket keeps what there is', async () => {
  const relays = new Relays(() => Promise.reject(new Error('lost')))
  relays.take([server('first')])
  await vi.advanceTimersByTimeAsync(600_000)
  expect(relays.configuration.iceServers?.[0]?.credential).toBe('first')
})

test('a direct way is given twice the time of an answer, within bounds', () => {
  const relays = new Relays(() => Promise.reject(new Error('not asked')))
  expect(relays.patience(20)).toBeNull()
  relays.take([server('first')])
  expect([20, 400, 5_000].map((took) => relays.patience(took))).toEqual([200, 800, 1_500])
  relays.close()
})
