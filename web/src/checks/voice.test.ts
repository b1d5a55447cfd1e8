// Tests of the judgement on a microphone.
import { expect, test } from 'vitest'
import { VoiceWatch, type VoiceVerdict } from './voice'

/** Levels every 50 ms. */
function verdicts(levels: readonly number[]): VoiceVerdict[] {
  const watch = new VoiceWatch()
  return levels.map((level, index) => watch.level(level, index * 50))
}
const seconds = (count: number, level: number) => Array.from({ length: count * 20 + 1 }, () => level)

test('a voice is heard within a second', () => {
  expect(verdicts(seconds(1, 0.7)).at(-1)).toBe('heard')
})

test('a knock on the table is no voice', () => {
  expect(verdicts([0.9, 0.9, ...seconds(6, 0)]).at(-1)).toBe('weak')
})

test('silence becomes a hint only after a while', () => {
  const all = verdicts(seconds(6, 0))
  expect(all[80]).toBe('listening')
  expect(all.at(-1)).toBe('quiet')
})

test('noise alone is weak', () => {
  expect(verdicts(seconds(6, 0.2)).at(-1)).toBe('weak')
})

test('who has been heard stays heard', () => {
  expect(verdicts([...seconds(1, 0.7), ...seconds(9, 0)]).at(-1)).toBe('heard')
})

test('a page that slept does not count the time', () => {
  const watch = new VoiceWatch()
  watch.level(0.9, 0)
  expect(watch.level(0.9, 60_000)).not.toBe('heard')
})
