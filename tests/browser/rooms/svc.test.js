// One stream with several sizes: a large tile and a small one are filled from it, each with its own; Firefox plays it as well,
// and who cannot is told.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium, Firefox } from '../harness/browsers.js'
import { takesVp8Alone } from '../harness/codecs.js'
import { LOOKS } from '../harness/person.js'
import { Server } from '../harness/server.js'
import { until } from '../harness/until.js'

let server, browser, firefox
before(async () => {
  server = await Server.start()
  browser = await Chromium.start()
})
after(async () => {
  await firefox?.close()
  await browser?.close()
  await server?.stop()
})

const LARGE = { width: 1440, height: 900 }
const SMALL = { width: 400, height: 420 }
const TOLD = '当前浏览器无法播放此画面，请更换浏览器。'

function shows(viewer, other, fits, text) {
  return until(
    `${viewer.name} gets ${other.name} ${text}`,
    async () => fits((await viewer.picture(other))?.height ?? 0),
    { look: () => viewer.picture(other), patience: 20_000 },
  )
}

/** Somebody who sends a camera with three sizes in one stream. */
async function sends(name, room, codec) {
  const publisher = await browser.enter(server, { name, room, look: LOOKS[0], codec, fps: 10 })
  await until(
    `${name} sends three sizes`,
    async () => {
      const sent = (await publisher.stats('outbound-rtp')).filter(({ kind }) => kind === 'video')
      return sent.length === 1 && sent[0].scalabilityMode === 'L3T3_KEY'
    },
    { look: () => publisher.stats('outbound-rtp') },
  )
  return publisher
}

async function fillsEachTile(t, codec) {
  const room = codec
  const publisher = await sends('讲', room, codec)
  const [large, small] = [
    await browser.enter(server, { name: '大', room, publish: false, look: LOOKS[1], viewport: LARGE }),
    await browser.enter(server, { name: '小', room, publish: false, look: LOOKS[2], viewport: SMALL }),
  ]
  for (const viewer of [large, small]) {
    await viewer.company(2)
    await viewer.seesMoving(publisher)
    assert.equal((await viewer.video(publisher)).codec, `video/${codec}`)
  }
  await shows(large, publisher, (height) => height === 720, '720 lines high')
  await shows(small, publisher, (height) => height > 0 && height < 720, 'smaller')
  for (const viewer of [large, small]) await viewer.seesMoving(publisher)

  // Each changes places with the other.
  await large.page.setViewportSize(SMALL)
  await small.page.setViewportSize(LARGE)
  const changed = performance.now()
  await shows(small, publisher, (height) => height === 720, '720 lines high')
  await shows(large, publisher, (height) => height > 0 && height < 720, 'smaller')
  t.diagnostic(`changed places after ${Math.round(performance.now() - changed)} ms`)
  for (const viewer of [large, small]) await viewer.seesMoving(publisher)
  for (const person of [publisher, large, small]) {
    assert.deepEqual(person.complaints, [])
    await person.close()
  }
}

test('VP9 in three sizes fills each tile with its own', (t) => fillsEachTile(t, 'VP9'))

test('AV1 does so too, by its dependency descriptors', (t) => fillsEachTile(t, 'AV1'))

test('Firefox plays it, and who cannot is told so on the tile', async () => {
  const room = 'others'
  firefox = await Firefox.start()
  const publisher = await sends('讲', room, 'VP9')
  const fox = await firefox.enter(server, { name: '火狐', room, publish: false, look: LOOKS[1] })
  await fox.seesMoving(publisher)
  assert.equal((await fox.video(publisher)).codec, 'video/VP9')

  const poor = await browser.page({ name: '旧', look: LOOKS[2] })
  await poor.page.addInitScript(takesVp8Alone)
  const token = await server.token({ name: poor.name, room, publish: false })
  await poor.page.goto(`${server.url}/room?auto#token=${token}`)
  await poor.entered()
  await poor.page.locator(`[data-participant="${publisher.id}"]`).getByText(TOLD).waitFor()

  await fox.seesMoving(publisher)

  // Firefox reads no dependency descriptors, without which the sizes of AV1 cannot be told apart.
  const other = await sends('另', 'av1', 'AV1')
  const told = await firefox.enter(server, { name: '狐', room: 'av1', publish: false, look: LOOKS[1] })
  await until('Firefox is told', () =>
    told.page.evaluate((text) => document.body.innerText.includes(text), TOLD),
  )
  for (const person of [publisher, fox, poor, other, told]) assert.deepEqual(person.complaints, [])
})
