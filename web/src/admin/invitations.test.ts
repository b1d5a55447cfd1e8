// Tests of what is said of invitations.
import { expect, test } from 'vitest'
import { invitationNews } from './invitations'

const none = { queued: 0, kept: false, without_phone: 0, invited_before: 0 }

test('invitations that were queued are good news, those that go nowhere are not', () => {
  expect(invitationNews({ ...none, queued: 3, without_phone: 1 })).toEqual({
    tone: 'good',
    parts: [{ key: 'admin.candidates.allInvited', count: 3 }],
  })
  expect(invitationNews({ ...none, queued: 3, kept: true }).tone).toBe('bad')
})

test('no message at all is never a success, and it is said why there was none', () => {
  const { tone, parts } = invitationNews({ ...none, without_phone: 2, invited_before: 5 })
  expect(tone).toBe('bad')
  expect(parts).toEqual([
    { key: 'admin.candidates.noneInvited', count: 0 },
    { key: 'admin.candidates.noneBefore', count: 5 },
    { key: 'admin.candidates.nonePhone', count: 2 },
  ])
  expect(invitationNews(none).parts).toHaveLength(1)
})
