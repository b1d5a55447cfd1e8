// Texts shared by all pages of an interview, in English.
import type { interview as zh } from '../zh-CN/interview'

export const interview: typeof zh = {
  stages: 'Stages of the interview',
  stageDone: 'done',
  stageNext: 'when it is your turn',
  elapsed: 'This stage has lasted {time}',
  left: '{time} left in this stage',
  over: 'This stage is {time} over its time',
  clock: { elapsed: 'Elapsed', left: '{time} left', over: '{time} over', paused: 'Paused, {text}' },
  wallClock: '{zone}, {time}',
  unreachable: 'The server cannot be reached. Check your network and try again.',
  role: {
    candidate: 'Candidate',
    examiner: 'Examiner',
    host: 'Host',
    patrol: 'Patrol',
  },
  to: {
    panel: 'panel only',
    candidate: 'candidate and staff only',
  },
  chat: {
    title: 'Messages',
    history: 'Message history',
    audience: 'Send to',
    label: 'Your message',
    placeholder: 'Message, Enter sends',
    closed: 'You cannot send messages now',
    send: 'Send',
    earlier: 'Earlier messages',
    sending: 'Sending…',
    failed: 'The network broke off, so the message did not arrive. Send it again once it is back.',
    tooLong: 'Too long: at most {most} characters.',
    unread: 'Unread messages: {count}',
    news: '{name}: {text}',
  },
}
