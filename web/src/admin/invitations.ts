// What came of invitations by SMS, said as it is: nothing that was not sent looks like a success.
import type { Queued } from './api'

/** The texts of a notice, by their keys, and whether it is good news. */
export interface InvitationNews {
  tone: 'good' | 'bad'
  parts: readonly { key: string; count: number }[]
}

export function invitationNews({ queued, kept, without_phone, invited_before }: Queued): InvitationNews {
  if (queued > 0) {
    const key = kept ? 'admin.candidates.allKept' : 'admin.candidates.allInvited'
    return { tone: kept ? 'bad' : 'good', parts: [{ key, count: queued }] }
  }
  const why = [
    { key: 'admin.candidates.noneBefore', count: invited_before },
    { key: 'admin.candidates.nonePhone', count: without_phone },
  ]
  return {
    tone: 'bad',
    parts: [{ key: 'admin.candidates.noneInvited', count: 0 }, ...why.filter(({ count }) => count > 0)],
  }
}
