// Tests of the guess of the system.
import { describe, expect, test } from 'vitest'
import { systemOf, type SystemName } from './system'

const CHROME = '(KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'
const AGENTS: [string, SystemName][] = [
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ${CHROME}`, 'windows'],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ${CHROME} Edg/142.0.0.0`, 'windows'],
  ['Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko', 'windows'],
  [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 ${CHROME}`, 'macos'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'linux'],
  [`Mozilla/5.0 (X11; Linux aarch64) AppleWebKit/537.36 ${CHROME} UOS`, 'linux'],
  [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 ${CHROME}`, 'linux'],
  [`Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 ${CHROME}`, 'android'],
  [`Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 ${CHROME} ArkWeb/4.1`, 'android'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1', 'ios'],
  ['', 'unknown'],
  ['curl/8.5', 'unknown'],
  ['\u0000<script>alert(1)</script>', 'unknown'],
]

test.each(AGENTS)('%.80s', (userAgent, system) => {
  expect(systemOf({ userAgent })).toBe(system)
})

test('of a text without end only the beginning is read', () => {
  expect(systemOf({ userAgent: 'x'.repeat(100_000) + 'Windows' })).toBe('unknown')
})

describe('what tells more than the text', () => {
  const mac =
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15'

  test('an iPad that calls itself a Mac has a touch screen', () => {
    expect(systemOf({ userAgent: mac, touchPoints: 5 })).toBe('ios')
    expect(systemOf({ userAgent: mac, touchPoints: 0 })).toBe('macos')
  })

  test('client hints count before the text', () => {
    expect(systemOf({ userAgent: mac, platform: 'Windows' })).toBe('windows')
    expect(systemOf({ userAgent: mac, platform: 'Chrome OS' })).toBe('macos')
    for (const platform of ['', '__proto__', 'constructor', 'toString'])
      expect(systemOf({ userAgent: mac, platform })).toBe('macos')
  })
})
