// Tests of the rules of identity and the pledge while they are being written.
import { expect, test } from 'vitest'
import {
  identityBody,
  identityDraft,
  identityPlain,
  identityProblems,
  USUAL_IDENTITY,
  type IdentityDraft,
} from './identity-form'

const draft = (change: Partial<IdentityDraft> = {}): IdentityDraft => ({ ...USUAL_IDENTITY, ...change })
const wrong = (change: Partial<IdentityDraft>) =>
  Object.entries(identityProblems(draft(change))).flatMap(([field, problem]) => (problem ? [field] : []))

test('what is sent comes back as the same draft', () => {
  const sent = identityBody(draft({ face: 'each_entry', attempts: '5', turn: false, pledge: ' 承诺 ' }))
  expect(sent).toEqual({
    identity: { face: 'each_entry', attempts: 5, turn: false, staff: true },
    pledge: { text: '承诺', version: 0 },
  })
  expect(identityBody(identityDraft(sent))).toEqual(sent)
})

test('no pledge is none', () => {
  expect(identityBody(draft({ pledge: ' \n' })).pledge).toBeNull()
  expect(
    identityDraft({ identity: { face: 'off', attempts: 3, turn: true, staff: true }, pledge: null }).pledge,
  ).toBe('')
})

test('attempts are from one to ten, where faces are compared at all', () => {
  expect(wrong({ face: 'once', attempts: '10' })).toEqual([])
  expect(wrong({ face: 'once', attempts: '0' })).toEqual(['attempts'])
  expect(wrong({ face: 'once', attempts: '11' })).toEqual(['attempts'])
  expect(wrong({ face: 'once', attempts: '' })).toEqual(['attempts'])
  expect(wrong({ face: 'off', attempts: '' })).toEqual([])
  expect(identityBody(draft({ face: 'off', attempts: '' })).identity.attempts).toBe(3)
})

test('a pledge has a bound, and its version is not a change', () => {
  expect(wrong({ pledge: '诺'.repeat(5000) })).toEqual([])
  expect(wrong({ pledge: '诺'.repeat(5001) })).toEqual(['pledge'])
  expect(identityPlain(draft({ version: 1 }))).toEqual(identityPlain(draft({ version: 2 })))
  expect(identityPlain(draft({ turn: false }))).not.toEqual(identityPlain(draft()))
  expect(identityPlain(draft({ staff: false }))).not.toEqual(identityPlain(draft()))
})
