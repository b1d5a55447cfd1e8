// Tests of what the waiting room says, and of the result.
import { expect, test } from 'vitest'
import type { CandidateView } from '../interview/types'
import { pointsText, resultModel, waitingState } from './waiting'

const view = (change: Partial<CandidateView>): CandidateView => ({
  role: 'candidate',
  interview: '1',
  rehearsal: false,
  name: '',
  stages: [{ name: '', kind: 'waiting', minutes: null }],
  stage: 0,
  stage_since: 0,
  stage_of_all: 0,
  marks: ['now'],
  clock: null,
  helm: { taken_by: null, empty_since: null },
  now: 0,
  seat: 's',
  time_zone: 'UTC',
  person: '',
  step: 'waiting',
  way: [],
  number: '',
  phone_hint: null,
  sms: null,
  locked: false,
  locked_until: null,
  hand: false,
  muted: false,
  photo: false,
  papers: [],
  may_add_papers: false,
  slides: null,
  face: { offer: 'off', attempts_left: 3, turn: true, consent: null },
  staff_check: { offered: true, asked_at: null, failure: null },
  pledge: null,
  identity: { method: null, passed_at: null, reason: null },
  checks: { speaker: null, microphone: null, camera: null },
  starts_at: null,
  ahead: 2,
  deferred: false,
  current: false,
  addressed: false,
  has_word: false,
  may_share: false,
  second_camera: { wish: 'off', paired: false, online: false },
  result: null,
  result_withdrawn_at: null,
  confirmed_at: null,
  may_confirm: false,
  let_go_at: null,
  device_troubles: [],
  newest_line: null,
  ...change,
})
const result = {
  outcome: '拟录取',
  points: 8650,
  remark: '',
  published_at: 7,
  revision: 2,
  correction: null,
}

test.each([
  [{}, false, { kind: 'ready' }],
  [{}, true, { kind: 'ahead', count: 2 }],
  [{ ahead: 0 }, true, { kind: 'next' }],
  [{ ahead: null }, true, { kind: 'unknown' }],
  [{ deferred: true }, true, { kind: 'deferred' }],
  [{ result, ahead: null }, true, { kind: 'result' }],
  [{ addressed: true, deferred: true }, true, { kind: 'addressed' }],
] as const)('%o, entered %s: %o', (change, entered, expected) => {
  expect(waitingState(view(change), entered)).toEqual(expected)
})

test('a result is confirmed only when it may be, and once', () => {
  expect(resultModel({ result: null, confirmed_at: null, may_confirm: false })).toBeNull()
  expect(resultModel({ result, confirmed_at: null, may_confirm: false })?.confirm).toBeNull()
  expect(resultModel({ result, confirmed_at: null, may_confirm: true })?.confirm).toEqual({
    published_at: 7,
    revision: 2,
  })
  expect(resultModel({ result, confirmed_at: 9, may_confirm: true })).toMatchObject({
    confirm: null,
    confirmedAt: 9,
  })
})

test.each([
  [8650, '86.5'],
  [8600, '86'],
  [8605, '86.05'],
  [0, '0'],
  [-50, '-0.5'],
])('%d hundredths are %s', (points, text) => {
  expect(pointsText(points)).toBe(text)
})
