// Tests of what the staff sees of a face check.
import { expect, test } from 'vitest'
import type { FaceTrialView } from '../interview/types'
import { comparer, isSuspect, mayLook, passedBy, scoreText, shownTrial, trialRows } from './faces'
import { card } from './sample'

const trial = (outcome: FaceTrialView['outcome'], change: Partial<FaceTrialView> = {}): FaceTrialView => ({
  outcome,
  score: 6731,
  verifier: 'viva',
  picture: 0,
  print: null,
  at: 1,
  in_room: false,
  ...change,
})
const face = (trials: FaceTrialView[], suspects = 0) => ({ ...card('a').face, trials, suspects })

test.each([
  [6731, '0.67'],
  [10_000, '1.00'],
  [0, '0.00'],
  [-812, '0.00'],
  [null, null],
])('%s ten-thousandths are %s', (score, text) => {
  expect(scoreText(score)).toBe(text)
})

test('comparisons stand with the newest first, each in its tone', () => {
  const rows = trialRows(
    face([
      trial('different', { at: 1 }),
      trial('unclear', { at: 2, score: null, picture: null }),
      trial('passed', { at: 3, in_room: true }),
    ]),
  )
  expect(rows.map(({ at, tone, inRoom, score }) => [at, tone, inRoom, score])).toEqual([
    [3, 'good', true, '0.67'],
    [2, 'warn', false, null],
    [1, 'bad', false, '0.67'],
  ])
  expect(new Set(rows.map(({ key }) => key)).size).toBe(3)
})

test('beside the photo stands what was chosen, else what is suspect, else the newest', () => {
  const rows = trialRows(
    face([
      trial('changed', { at: 1, picture: 4 }),
      trial('passed', { at: 2, picture: 5 }),
      trial('not_seen', { at: 3, picture: null }),
    ]),
  )
  expect(shownTrial(rows, null)?.picture).toBe(4)
  expect(shownTrial(rows, rows[1]?.key ?? null)?.picture).toBe(5)
  expect(shownTrial(rows, rows[0]?.key ?? null)?.picture).toBe(4)
  expect(shownTrial(trialRows(face([trial('passed')])), null)?.outcome).toBe('passed')
  expect(shownTrial([], null)).toBeNull()
})

test('who came in by the face came by the newest comparison that passed at the door', () => {
  const trials = [
    trial('passed', { at: 1, score: 5000 }),
    trial('passed', { at: 2, score: 6000 }),
    trial('passed', { at: 3, in_room: true, score: 9000 }),
  ]
  const identity = { method: 'face' as const, passed_at: 2, reason: null }
  expect(passedBy(card('a', { identity, face: face(trials) }))?.score).toBe('0.60')
  expect(passedBy(card('a', { face: face(trials) }))).toBeNull()
})

test('a person looks at what is suspect; a picture is compared where there is one to compare with', () => {
  expect(isSuspect(card('a', { face: face([], 1) }))).toBe(true)
  expect(isSuspect(card('a'))).toBe(false)
  expect(mayLook(card('a', { photo: true }), true)).toBe(true)
  expect(mayLook(card('a', { photo: true }), false)).toBe(false)
  expect(mayLook(card('a'), true)).toBe(false)
  expect(mayLook(card('a', { photo: true, step: 'identity' }), true)).toBe(false)
  const consent = { terms: { version: 1, kept_days: 30, verifier: 'viva' }, given: true, at: 1 }
  const told = (given: boolean) => ({ ...card('a').face, consent: { ...consent, given } })
  expect(mayLook(card('a', { photo: true, face: told(true) }), true)).toBe(true)
  expect(mayLook(card('a', { photo: true, face: told(false) }), true)).toBe(false)
})

test('a check that may show a print stands out, though it passed', () => {
  const rows = trialRows(face([trial('passed'), trial('passed', { at: 2, print: 712 })], 1))
  expect(rows.map(({ tone, print }) => [tone, print])).toEqual([
    ['bad', '0.07'],
    ['good', null],
  ])
})

test('the terms tell who compares', () => {
  expect(comparer('viva')).toBe('own')
  expect(comparer('external: faces.example.org')).toEqual({ service: 'faces.example.org' })
  expect(comparer('')).toBeNull()
})
