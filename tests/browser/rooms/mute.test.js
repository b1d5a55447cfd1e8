// What is switched off stops, on the wire and on the screen, and comes back.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { allMeet, LOOKS } from '../harness/person.js'
import { Server } from '../harness/server.js'
import { until } from '../harness/until.js'

let server, browser, people
before(async () => {
  server = await Server.start()
  browser = await Chromium.start()
  people = []
  for (const [i, name] of ['考生 甲', '考官 乙'].entries()) {
    people.push(await browser.enter(server, { name, room: 'mute', look: LOOKS[i] }))
  }
  await allMeet(people)
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const labelOf = (viewer, other) => viewer.page.getAttribute(`[data-participant="${other.id}"]`, 'aria-label')

test('a muted microphone is marked on the others and falls silent there', async () => {
  const [speaker, listener] = people
  await speaker.press('关闭麦克风')
  await until('the mark is there', async () => (await labelOf(listener, speaker)).includes('已静音'))
  await listener.hearsNothingOf(speaker)
  await listener.seesMoving(speaker)
  await speaker.press('打开麦克风')
  await until('the mark is gone', async () => !(await labelOf(listener, speaker)).includes('已静音'))
  await listener.hearsTone(speaker)
})

test('a camera that is switched off sends no frames, and shows the name instead', async () => {
  const [shown, viewer] = people
  const { mid } = await viewer.video(shown)
  const decoded = async () =>
    (await viewer.stats('inbound-rtp')).find((entry) => entry.kind === 'video' && entry.mid === mid)
      ?.framesDecoded
  await shown.press('关闭摄像头')
  await until('the picture is gone', async () => (await viewer.picture(shown)) === null)
  let last
  await until(
    'frames stop',
    async () => {
      const now = await decoded()
      const same = now === last
      last = now
      return same
    },
    { every: 500 },
  )
  await viewer.hearsTone(shown)
  assert.equal(await decoded(), last, 'no frame came while the sound did')
  await shown.press('打开摄像头')
  await viewer.seesMoving(shown)
})
