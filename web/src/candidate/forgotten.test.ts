// Tests of what a page does whose cookie is of no more use.
import { expect, test } from 'vitest'
import type { LocalMedia } from '../client'
import { Problem } from '../interview/api'
import type { CandidateView } from '../interview/types'
import { NO_SETTINGS } from './no-settings'
import { Visit, type World } from './session'

/** A browser that knows a seat, and a server that answers so. */
async function visited(answer: () => Promise<CandidateView>) {
  let entered: string | null = 's1'
  const world = {
    api: { view: answer },
    settings: () => Promise.resolve(NO_SETTINGS),
    media: { open: () => Promise.resolve(), close: () => undefined } as unknown as LocalMedia,
    channel: null,
    memory: { load: () => entered, save: (seat: string | null) => (entered = seat) },
    now: () => 1000,
  } as unknown as World
  const visit = new Visit(world)
  await visit.start()
  visit.close()
  return { state: visit.state.value, remembered: entered }
}

const refused = (status: number, code: string) => () => Promise.reject(new Problem(status, { code }))

test('a rehearsal that is over leads back to the invitation, and says that the interview is still to come', async () => {
  const { state, remembered } = await visited(refused(410, 'rehearsal_over'))
  expect(state).toMatchObject({ loaded: true, view: null, rehearsed: true, unreachable: false })
  expect(remembered, 'who has pressed 正式进入 in a rehearsal presses it again').toBeNull()
})

test('a cookie that has run out says nothing of a rehearsal', async () => {
  const { state, remembered } = await visited(refused(401, 'unauthorized'))
  expect(state).toMatchObject({ loaded: true, view: null, rehearsed: false })
  expect(remembered).toBe('s1')
})

test('another refusal is a server to be asked again', async () => {
  const { state } = await visited(refused(503, 'unavailable'))
  expect(state).toMatchObject({ view: null, rehearsed: false, unreachable: true })
})
