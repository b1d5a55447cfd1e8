// Tests of the order of builds and of how they are told.
import { describe, expect, test } from 'vitest'
import { type Build, type BuildSystem, dayText, pathOf, sizeText, sorted } from './builds'

const build = (system: string, file = `${system}.zip`): Build => ({
  system: system as BuildSystem,
  file,
  size: 1,
  sha256: '0'.repeat(64),
})
const ALL = ['windows', 'linux_deb', 'linux_rpm', 'macos'].map((system) => build(system))
const names = (builds: readonly Build[]) => builds.map(({ system }) => system)

describe('the order', () => {
  test('those of the system come first, and none is left out', () => {
    const { first, others } = sorted(ALL, 'linux')
    expect(names(first)).toEqual(['linux_deb', 'linux_rpm'])
    expect(names(others)).toEqual(['windows', 'macos'])
    expect(names(sorted(ALL, 'windows').first)).toEqual(['windows'])
  })

  test('a system without builds has all of them below', () => {
    for (const system of ['android', 'ios', 'unknown'] as const)
      expect(sorted(ALL, system)).toEqual({ first: [], others: ALL })
  })

  test('a system that these pages do not know is not shown', () => {
    const strange = ['plan9', 'constructor', '__proto__'].map((system) => build(system))
    expect(sorted(strange, 'unknown')).toEqual({ first: [], others: [] })
  })
})

test('a name stays one part of the path', () => {
  expect(pathOf(build('windows', 'Viva-windows-x64-0.1.0.zip'))).toBe('/downloads/Viva-windows-x64-0.1.0.zip')
  expect(pathOf(build('windows', '../x?y#z'))).toBe('/downloads/..%2Fx%3Fy%23z')
})

test('sizes are told in the unit that reads best', () => {
  expect(sizeText(170_236, 'en')).toBe('170 kB')
  expect(sizeText(999_499, 'en')).toBe('999 kB')
  expect(sizeText(1_234_567, 'en')).toBe('1.2 MB')
  expect(sizeText(52_000_000, 'en')).toBe('52 MB')
})

test('a day is the same everywhere, and nonsense is none', () => {
  expect(dayText('2026-11-29T23:59:59Z', 'en')).toBe('November 29, 2026')
  expect(dayText('2026-11-29T00:00:00Z', 'zh-CN')).toBe('2026年11月29日')
  for (const none of [null, '', 'yesterday']) expect(dayText(none, 'en')).toBe('')
})
