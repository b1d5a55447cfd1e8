// Tests of drafts, and of lines under way.
import { expect, test } from 'vitest'
import { ref } from 'vue'
import { useWriting } from './useWriting'

/** An answer that comes when the test wants it. */
function answer() {
  let accept = () => {}
  let refuse: (error: Error) => void = () => {}
  const promise = new Promise<void>((resolve, reject) => {
    accept = resolve
    refuse = reject
  })
  return { promise, accept, refuse }
}

/** A memory that a reload finds again. */
function memory(drafts: Record<string, string> = {}) {
  return { load: () => drafts, save: (now: Readonly<Record<string, string>>) => void (drafts = { ...now }) }
}

let seats = 0
function writing(seat = `seat ${++seats}`, kept = memory()) {
  const open = ref('panel')
  return { seat, kept, open, ...useWriting(seat, () => open.value, kept) }
}

test('a draft stays with its conversation', () => {
  const { open, draft } = writing()
  draft.value = 'to the panel'
  open.value = 'a'
  expect(draft.value).toBe('')
  draft.value = 'to a'
  open.value = 'panel'
  expect(draft.value).toBe('to the panel')
})

test('a draft and a line under way outlive their panel', async () => {
  const { seat, draft, send } = writing()
  const { promise, accept } = answer()
  draft.value = 'first'
  const sent = send(() => promise)
  draft.value = 'second'
  const next = writing(seat)
  expect([next.draft.value, next.pending.value.map(({ text }) => text)]).toEqual(['second', ['first']])
  accept()
  await sent
  expect(next.pending.value).toEqual([])
})

test('a draft outlives a reload', () => {
  const { kept, draft } = writing()
  draft.value = 'half a sen'
  expect(writing(undefined, kept).draft.value).toBe('half a sen')
})

test('a line under way is shown where it was said, until it is answered', async () => {
  const { open, draft, pending, send } = writing()
  const { promise, accept } = answer()
  const said: string[] = []
  draft.value = ' good morning '
  const sent = send((text) => {
    said.push(text)
    return promise
  })
  expect(said).toEqual(['good morning'])
  expect([draft.value, pending.value.map(({ text }) => text)]).toEqual(['', ['good morning']])
  open.value = 'a'
  expect(pending.value).toEqual([])
  open.value = 'panel'
  accept()
  await sent
  expect([draft.value, pending.value]).toEqual(['', []])
})

test('a line that was refused comes back before what was written meanwhile', async () => {
  const { open, draft, pending, refusal, send } = writing()
  const { promise, refuse } = answer()
  draft.value = 'first'
  const sent = send(() => promise)
  draft.value = 'second'
  open.value = 'a'
  refuse(new Error('not now'))
  await sent
  expect([draft.value, refusal.value]).toEqual(['', null])
  open.value = 'panel'
  expect([draft.value, pending.value]).toEqual(['first\nsecond', []])
  expect(refusal.value).toEqual(new Error('not now'))
})

test('several lines that came back stand in the order of their sending', async () => {
  const { draft, send } = writing()
  const answers = ['one', 'two', 'three'].map((text) => {
    const { promise, refuse } = answer()
    draft.value = text
    return { refuse, sent: send(() => promise) }
  })
  draft.value = 'four'
  for (const { refuse, sent } of answers) {
    refuse(new Error('too fast'))
    await sent
  }
  expect(draft.value).toBe('one\ntwo\nthree\nfour')
})

test('the next try forgets the refusal', async () => {
  const { draft, refusal, send } = writing()
  draft.value = 'again'
  await send(() => Promise.reject(new Error('not now')))
  const sent = send(() => Promise.resolve())
  expect(refusal.value).toBeNull()
  await sent
  expect(draft.value).toBe('')
})

test('nothing is sent of nothing', async () => {
  const { draft, pending, send } = writing()
  draft.value = ' \n'
  await send(() => Promise.reject(new Error('said')))
  expect([draft.value, pending.value]).toEqual([' \n', []])
})
