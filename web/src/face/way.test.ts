// Tests of the face as a way.
import { expect, test } from 'vitest'
import type { CandidateView, FaceTerms } from '../interview/types'
import { faceWay } from './way'

const terms: FaceTerms = { ready: true, version: 2, kept_days: 30, verifier: 'viva', service: null }
const face = (change: Partial<CandidateView['face']> = {}): CandidateView['face'] => ({
  offer: 'open',
  attempts_left: 3,
  turn: true,
  consent: null,
  ...change,
})
const told = (
  given: boolean,
  change: Partial<{ version: number; kept_days: number; verifier: string }> = {},
) => face({ consent: { terms: { version: 2, kept_days: 30, verifier: 'viva', ...change }, given, at: 1 } })

test.each(['off', 'no_photo', 'used_up'] as const)('%s is known without the terms', (offer) => {
  expect(faceWay(face({ offer }), null)).toEqual({ is: 'closed', why: offer })
})

test('consent comes before the camera', () => {
  expect(faceWay(face(), terms)).toEqual({ is: 'consent', terms })
  expect(faceWay(told(true), terms)).toEqual({ is: 'open' })
})

test('who refused is asked again, and so is who accepted other terms', () => {
  expect(faceWay(told(false), terms).is).toBe('consent')
  expect(faceWay(told(true, { version: 1 }), terms).is).toBe('consent')
  expect(faceWay(told(true, { kept_days: 7 }), terms).is).toBe('consent')
  expect(faceWay(told(true, { verifier: 'external: faces.example.org' }), terms).is).toBe('consent')
})

test('without terms nothing is asked, and a server without models is a closed way', () => {
  expect(faceWay(told(true), null)).toEqual({ is: 'unknown' })
  expect(faceWay(told(true), { ...terms, ready: false })).toEqual({ is: 'closed', why: 'unready' })
})
