// Tests of the line under the frame.
import { expect, test } from 'vitest'
import { FaceCheck, type FaceCheckState } from './check'
import { faceLine, sameLine } from './line'

const first = new FaceCheck({
  socket: () => {
    throw new Error('not opened here')
  },
  frames: { take: () => Promise.resolve(null) },
  visible: () => true,
  look: () => Promise.resolve(true),
}).state.value
const line = (change: Partial<FaceCheckState>, camera = true) => faceLine({ ...first, ...change }, camera)

test('the camera comes first, then the connection', () => {
  expect(line({ phase: 'looking', hint: 'too_far' }, false)?.says).toEqual({ line: 'opening' })
  expect(line({})?.says).toEqual({ line: 'connecting' })
  expect(line({ lost: true })).toEqual({ tone: 'warn', says: { line: 'lost' } })
})

test('a hint asks for something, none is good, and before the first there is nothing to say', () => {
  expect(line({ phase: 'looking' })).toEqual({ tone: 'wait', says: { line: 'looking' } })
  expect(line({ phase: 'looking', seen: true, hint: 'blurred' })).toEqual({
    tone: 'warn',
    says: { hint: 'blurred' },
  })
  expect(line({ phase: 'looking', seen: true })).toEqual({ tone: 'good', says: { line: 'right' } })
})

test('those who wait are told how many are before them', () => {
  expect(line({ phase: 'starting', ahead: 4 })?.says).toEqual({ line: 'queue', count: 4 })
})

test('during the check hints go on', () => {
  expect(line({ phase: 'checking' })?.says).toEqual({ line: 'hold' })
  expect(line({ phase: 'checking', hint: 'too_far' })?.says).toEqual({ hint: 'too_far' })
})

test('a result and a stop speak for themselves', () => {
  expect(line({ phase: 'over' })).toBeNull()
  expect(line({ phase: 'stopped' })).toBeNull()
})

test('a line is the same by what it says', () => {
  expect(sameLine(line({ phase: 'looking', seen: true }), line({ phase: 'looking', seen: true }))).toBe(true)
  expect(sameLine(line({ phase: 'checking', hint: 'too_far' }), line({ phase: 'checking' }))).toBe(false)
  expect(sameLine(null, line({}))).toBe(false)
})
