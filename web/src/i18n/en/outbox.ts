// The outbox of SMS, in English.
import type { outbox as zh } from '../zh-CN/outbox'

export const outbox: typeof zh = {
  live: 'Live',
  lost: 'Connection lost, trying again',
  search: 'Find a number or text',
  state: 'State',
  show: {
    all: 'All SMS',
    waiting: 'Sending',
    kept: 'Kept here, no provider',
    sent: 'Sent',
    failed: 'Failed',
  },
  delivery: {
    waiting: 'Sending',
    kept: 'Kept here, no provider',
    sent: 'Sent',
    failed: 'Failed',
  },
  kind: {
    invitation: 'Invitation',
    reminder: 'Reminder',
    identity: 'Code',
    trial: 'Trial',
  },
  attempts: 'Tried once | Tried {count} times',
  earlier: 'Load earlier messages',
  textErased: 'The text was erased when its time was over.',
  empty: 'The outbox is empty',
  emptyText: 'Every invitation and code that is sent stands here with what became of it.',
}
