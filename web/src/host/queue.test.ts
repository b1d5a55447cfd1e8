// Tests of the host's list, and of what may be done when.
import { describe, expect, test } from 'vitest'
import { card, view } from '../staff/sample'
import { groupOf } from '../staff/line'
import {
  callNext,
  type Commands,
  commands,
  inNeed,
  memberCommands,
  panelCount,
  rows,
  suspects,
  way,
} from './queue'

/** The commands that are possible, by name. */
const possible = (of: Commands) =>
  Object.entries(of)
    .flatMap(([name, command]) => (command === null ? [] : [name]))
    .sort()

describe('order', () => {
  const candidates = [
    card('invited', { step: 'invited', online: false }),
    card('late', { position: 1, deferred: true }),
    card('second', { position: 3 }),
    card('first', { position: 2 }),
    card('microphone', { step: 'microphone' }),
    card('identity', { step: 'identity' }),
    card('out', { step: 'removed' }),
    card('done', { done: true }),
    card('now', { step: 'admitted', current: true }),
  ]

  test('the current one, the queue with the deferred at its end, those on their way by how far they are, the rest', () => {
    expect(rows(view('interview', { candidates })).map(({ card: one }) => one.seat)).toEqual([
      'now',
      'first',
      'second',
      'late',
      'microphone',
      'identity',
      'invited',
      'done',
      'out',
    ])
  })

  test('nobody is called while somebody is before the panel, after the end, or by an examiner', () => {
    const free = candidates.filter(({ current }) => !current)
    expect(callNext(view('interview', { candidates }), 0)).toBeNull()
    expect(callNext(view('interview', { candidates: free }), 0)).toEqual({ do: 'call_next' })
    expect(callNext(view('end', { candidates: free }), 0)).toBeNull()
    const away = free.map((one) => ({ ...one, online: false, offline_since: null }))
    expect(callNext(view('interview', { candidates: away }), 0)).toBeNull()
    expect(callNext(view('interview', { candidates: free, role: 'examiner' }), 0)).toBeNull()
  })
})

describe('the way', () => {
  const states = (change: Parameters<typeof card>[1]) => way(card('a', change)).map(({ state }) => state)

  test('what is behind is done, what comes is ahead', () => {
    expect(states({ step: 'microphone' })).toEqual(['done', 'done', 'here', 'ahead', 'ahead'])
    expect(states({ step: 'invited' })).toEqual(['ahead', 'ahead', 'ahead', 'ahead', 'ahead'])
    expect(states({ step: 'waiting' })).toEqual(['done', 'done', 'done', 'done', 'done'])
  })

  test('a failed check and a locked identity are marked', () => {
    expect(states({ step: 'camera', failed_check: 'camera' })).toEqual([
      'done',
      'done',
      'done',
      'failed',
      'ahead',
    ])
    const locked = {
      step: 'identity',
      locked_at: 'identity',
      identity: { method: null, passed_at: null, reason: null },
    } as const
    expect(states(locked)[0]).toBe('failed')
    expect(states({ ...locked, locked_at: null })[0]).toBe('here')
  })

  test('who is asked once more who they are keeps the checks, and who reads the pledge is known', () => {
    const passed = { passed: true, device: '', at: 1 }
    const checks = { speaker: passed, microphone: passed, camera: passed }
    const nobody = { method: null, passed_at: null, reason: null }
    expect(states({ step: 'identity', checks, identity: nobody })).toEqual([
      'here',
      'done',
      'done',
      'done',
      'ahead',
    ])
    expect(states({ step: 'pledge' })).toEqual(['done', 'ahead', 'ahead', 'ahead', 'ahead'])
  })

  test('who was put out keeps how far they came', () => {
    const checks = { speaker: { passed: true, device: '', at: 1 }, microphone: null, camera: null }
    expect(states({ step: 'removed', checks })).toEqual(['done', 'done', 'ahead', 'ahead', 'ahead'])
  })
})

test('those whose pictures need a person’s look are found in the list', () => {
  const face = { ...card('b').face, suspects: 1 }
  const candidates = [card('a', { position: 1 }), card('b', { position: 2, face })]
  expect(suspects(rows(view('interview', { candidates }))).map((row) => row.card.seat)).toEqual(['b'])
})

test('those who do not get on alone are found in the list', () => {
  const trouble = { check: 'microphone', problem: 'denied', since: 1 } as const
  const candidates = [
    card('a', { position: 1 }),
    card('b', { step: 'microphone', device_troubles: [trouble] }),
    card('c', { step: 'password', locked_at: 'password' }),
  ]
  expect(
    inNeed(rows(view('interview', { candidates })))
      .map((row) => row.card.seat)
      .sort(),
  ).toEqual(['b', 'c'])
})

describe('commands', () => {
  const of = (change: Parameters<typeof card>[1], kind: Parameters<typeof view>[0] = 'interview') => {
    const one = card('a', change)
    return possible(commands(one, view(kind, { candidates: [one] })))
  }

  test('one who waits is called, talked to, deferred or put out', () => {
    expect(of({})).toEqual(['address', 'call', 'defer', 'letGo', 'remove', 'verifyAgain'])
    expect(of({ online: false })).toEqual(['call', 'defer', 'letGo', 'remove', 'verifyAgain'])
    expect(of({ deferred: true })).toContain('return')
  })

  test('nobody is called beside the current one', () => {
    const other = card('b', { current: true, step: 'admitted' })
    expect(
      possible(commands(card('a'), view('interview', { candidates: [card('a'), other] }))),
    ).not.toContain('call')
  })

  test('the current one is finished, sent back, muted', () => {
    expect(of({ current: true, step: 'admitted' })).toEqual([
      'finish',
      'inviteScreen',
      'mute',
      'remove',
      'sendBack',
      'verifyAgain',
    ])
    expect(of({ current: true, step: 'admitted', muted: true })).toContain('unmute')
  })

  test('the current one is invited to share the screen, and the invitation taken back', () => {
    expect(of({ current: true, step: 'admitted' }, 'deliberation')).not.toContain('inviteScreen')
    const invited = of({ current: true, step: 'admitted', may_share: true })
    expect(invited).toContain('endScreen')
    expect(invited).not.toContain('inviteScreen')
  })

  test('the current one is asked for the slides that there are, and the asking taken back', () => {
    const slides = {
      number: 2,
      name: 'a.pdf',
      kind: 'pdf',
      bytes: 9,
      slides: true,
      own: true,
      at: 1,
    } as const
    const one = card('a', { current: true, step: 'admitted', papers: [slides] })
    const asked = (stage: Parameters<typeof view>[0], more = {}) =>
      possible(commands(one, view(stage, { candidates: [one], ...more })))
    expect(asked('interview')).toContain('inviteSlides')
    expect(asked('deliberation')).not.toContain('inviteSlides')
    const shown = asked('interview', { slides: { number: 2, page: 1 } })
    expect(shown).toContain('endSlides')
    expect(shown).not.toContain('inviteSlides')
    expect(of({ current: true, step: 'admitted' })).not.toContain('inviteSlides')
  })

  test('the word is given in a briefing only', () => {
    expect(of({}, 'briefing')).toContain('giveWord')
    expect(of({ has_word: true }, 'briefing')).toContain('takeWord')
    expect(of({}, 'interview')).not.toContain('giveWord')
  })

  test('identity is passed by the host only where it is not passed', () => {
    expect(of({ step: 'identity', identity: { method: null, passed_at: null, reason: null } })).toContain(
      'override',
    )
    expect(of({ step: 'speaker' })).not.toContain('override')
  })

  test('a host lets pass the checks who is at one of them', () => {
    for (const step of ['speaker', 'microphone', 'camera'] as const)
      expect(of({ step })).toContain('passChecks')
    for (const step of ['identity', 'pledge', 'waiting'] as const)
      expect(of({ step })).not.toContain('passChecks')
    const { passChecks } = commands(card('a', { step: 'camera' }), view('waiting'))
    expect(passChecks?.('r')).toEqual({ do: 'pass_checks', candidate: 'a', reason: 'r' })
  })

  test('who was put out, or left, is only readmitted', () => {
    expect(of({ step: 'removed', online: false })).toEqual(['readmit'])
    expect(of({ step: 'left', online: false })).toEqual(['readmit'])
  })

  test('who is done may be led in once more, and is not deferred', () => {
    const may = ['address', 'call', 'letGo', 'remove', 'verifyAgain']
    expect(of({ done: true })).toEqual(may)
    expect(of({ done: true, deferred: true })).toEqual(may)
  })

  test('who has yet to come may be deferred', () => {
    expect(of({ step: 'invited', online: false })).toEqual(['defer', 'remove'])
  })

  test('the current one is talked to only where all wait', () => {
    expect(of({ current: true, step: 'admitted' }, 'waiting')).toContain('address')
    expect(of({ current: true, step: 'admitted' }, 'deliberation')).not.toContain('address')
    expect(of({}, 'briefing')).not.toContain('address')
  })

  test('after the end, and for an examiner, there is nothing to do', () => {
    expect(of({}, 'end')).toEqual([])
    expect(possible(commands(card('a'), view('interview', { role: 'examiner' })))).toEqual([])
  })
})

test('the panel is counted by who is here, without who was put out', () => {
  const now = view('interview')
  const [first, second, ...rest] = now.panel
  if (!first || !second) throw new Error('a panel of two at least')
  const panel = [
    { ...first, online: false },
    { ...second, removed: true },
    ...rest.map((one) => ({ ...one, online: true })),
  ]
  expect(panelCount({ ...now, panel })).toEqual({ here: rest.length, all: rest.length + 1 })
})

test('a host mutes and puts out examiners, not themselves', () => {
  const now = view('interview')
  const [examiner, , host] = now.panel
  expect(examiner && memberCommands(examiner, now)).toMatchObject({
    mute: { do: 'mute', seat: 'e1', muted: true },
    unmute: null,
    readmit: null,
  })
  expect(host && Object.values(memberCommands(host, now)).every((command) => command === null)).toBe(true)
  expect(examiner && memberCommands({ ...examiner, removed: true }, now)).toMatchObject({
    mute: null,
    remove: null,
    readmit: { do: 'readmit', seat: 'e1' },
  })
})

test('who may go is done, hears nobody, and is called or asked back', () => {
  const gone = card('a', { step: 'waiting', let_go_at: 5, online: false })
  expect(groupOf(gone)).toBe('done')
  const may = commands(gone, view('interview', { candidates: [gone] }))
  expect([may.letGo, may.address, may.verifyAgain]).toEqual([null, null, null])
  expect(may.call).toEqual({ do: 'call', candidate: 'a' })
  expect(may.readmit).toEqual({ do: 'readmit', seat: 'a' })
  const waits = card('a', { step: 'waiting', position: 1 })
  expect(commands(waits, view('interview', { candidates: [waits] })).letGo).toEqual({
    do: 'let_go',
    candidate: 'a',
  })
})

test('who left after being done is done, who left before is gone', () => {
  expect(groupOf(card('a', { step: 'left', done: true }))).toBe('done')
  expect(groupOf(card('a', { step: 'left' }))).toBe('gone')
})
