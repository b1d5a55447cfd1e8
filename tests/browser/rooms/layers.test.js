// A large tile gets the large picture and a small one the smallest, within two seconds; and both codecs carry it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { LOOKS } from '../harness/person.js'
import { Server } from '../harness/server.js'
import { until } from '../harness/until.js'

/** Milliseconds from the click to the first decoded frame of the right size. */
const SWITCH = 2_000

let server, browser
before(async () => {
  server = await Server.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

async function settled(viewer, other, height) {
  return until(
    `${viewer.name} gets ${other.name} ${height} pixels high`,
    async () => (await viewer.picture(other))?.height === height,
    { look: () => viewer.picture(other), every: 20 },
  )
}

test('a pinned tile reaches 720 lines and an unpinned one falls to the smallest within 2 s', async (t) => {
  const enter = (name, i, more) => browser.enter(server, { name, room: 'layers', look: LOOKS[i], ...more })
  const left = await enter('左', 0)
  const right = await enter('右', 1)
  const viewer = await enter('看', 2, { publish: false, viewport: { width: 1440, height: 900 } })
  await viewer.company(2)
  await viewer.seesMoving(left)
  await viewer.seesMoving(right)

  // The first pin also lets the congestion control of the publisher find room for the largest layer.
  await viewer.pin(left)
  await settled(viewer, left, 720)
  await settled(viewer, right, 180)

  for (const [large, small] of [
    [right, left],
    [left, right],
    [right, left],
  ]) {
    await viewer.pin(large)
    const clicked = performance.now()
    const [up, down] = await Promise.all(
      [
        [large, 720],
        [small, 180],
      ].map(async ([other, height]) => {
        await settled(viewer, other, height)
        return Math.round(performance.now() - clicked)
      }),
    )
    t.diagnostic(`up to 720 lines after ${up} ms, down to 180 after ${down} ms`)
    assert.ok(up < SWITCH && down < SWITCH, `up ${up} ms, down ${down} ms`)
    // The statistics are a moment older than the picture.
    for (const [other, height] of [
      [large, 720],
      [small, 180],
    ]) {
      const look = async () => (await viewer.video(other)).frameHeight
      await until(`the statistics say ${height} of ${other.name}`, async () => (await look()) === height, {
        look,
        patience: SWITCH,
      })
    }
    await viewer.seesMoving(large)
    await viewer.seesMoving(small)
  }
  for (const person of [left, right, viewer]) await person.close()
})

/** For a page: every camera is offered with its largest encoding first, as OBS does it; `offered` has the rids. */
function largestFirst() {
  const { prototype } = RTCPeerConnection
  const { addTransceiver } = prototype
  prototype.addTransceiver = function (track, init) {
    if (init?.sendEncodings?.length > 1) {
      init.sendEncodings.reverse()
      globalThis.offered = init.sendEncodings.map(({ rid }) => rid)
    }
    return addTransceiver.call(this, track, init)
  }
}

test('encodings offered with the largest first are told apart all the same', async () => {
  const room = 'largest first'
  const left = await browser.page({ name: '左', look: LOOKS[0] })
  await left.page.addInitScript(largestFirst)
  await left.page.goto(`${server.url}/room?auto#token=${await server.token({ name: '左', room })}`)
  await left.entered()
  const right = await browser.enter(server, { name: '右', room, look: LOOKS[1] })
  const viewer = await browser.enter(server, {
    name: '看',
    room,
    look: LOOKS[2],
    publish: false,
    viewport: { width: 1440, height: 900 },
  })
  await viewer.company(2)
  assert.deepEqual(await left.page.evaluate(() => globalThis.offered), ['f', 'h', 'q'])
  for (const [large, small] of [
    [left, right],
    [right, left],
    [left, right],
  ]) {
    await viewer.pin(large)
    await Promise.all([settled(viewer, large, 720), settled(viewer, small, 180)])
    await viewer.seesMoving(large)
    await viewer.seesMoving(small)
  }
  for (const person of [left, right, viewer]) await person.close()
})

for (const [codec, mime] of [
  [undefined, 'video/VP8'],
  ['H264', 'video/H264'],
]) {
  test(`${mime} is carried in all layers`, async () => {
    const enter = (name, i, more) =>
      browser.enter(server, { name, room: `codec ${codec}`, look: LOOKS[i], codec, ...more })
    const publisher = await enter('讲', 0)
    const viewer = await enter('看', 1, { publish: false, viewport: { width: 1440, height: 900 } })
    await viewer.company(1)
    await viewer.seesMoving(publisher)
    await settled(viewer, publisher, 720)
    assert.equal((await viewer.video(publisher)).codec, mime)
    await viewer.page.setViewportSize({ width: 400, height: 420 })
    await until(
      'a smaller window gets a smaller picture',
      async () => (await viewer.picture(publisher))?.height < 720,
      { look: () => viewer.picture(publisher) },
    )
    await viewer.seesMoving(publisher)
    assert.equal((await viewer.video(publisher)).codec, mime)
    for (const person of [publisher, viewer]) await person.close()
  })
}
