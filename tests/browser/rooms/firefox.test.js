// Firefox and Chromium in one room: both ways, with Firefox's own simulcast.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium, Firefox } from '../harness/browsers.js'
import { allMeet, LOOKS } from '../harness/person.js'
import { Server } from '../harness/server.js'
import { until } from '../harness/until.js'

let server, chromium, firefox
before(async () => {
  server = await Server.start()
  chromium = await Chromium.start()
  firefox = await Firefox.start()
})
after(async () => {
  await firefox?.close()
  await chromium?.close()
  await server?.stop()
})

test('Firefox and Chromium see and hear each other, and Firefox sends three layers of VP8', async () => {
  const small = { width: 360, height: 310 }
  const large = { width: 1440, height: 900 }
  const fox = await firefox.enter(server, { name: '火狐', room: 'both', look: LOOKS[0] })
  const chrome = await chromium.enter(server, { name: '铬', room: 'both', look: LOOKS[1], viewport: small })
  await Promise.all([fox.company(1), chrome.company(1)])
  await allMeet([fox, chrome])
  assert.match((await chrome.path()).cipher, /AEAD_AES_256_GCM$/)

  for (const [viewport, height] of [
    [small, 180],
    [large, 720],
  ]) {
    await chrome.page.setViewportSize(viewport)
    // Firefox begins at 300 kbit/s, and nobody can tell it otherwise: the largest layer needs its climb.
    await until(
      `the picture from Firefox is ${height} lines high`,
      async () => (await chrome.picture(fox))?.height === height,
      { look: () => chrome.picture(fox), patience: 40_000 },
    )
    await chrome.seesMoving(fox)
    assert.equal((await chrome.video(fox)).codec, 'video/VP8')
  }
  const sent = (await fox.stats('outbound-rtp')).filter(({ kind }) => kind === 'video').map(({ rid }) => rid)
  assert.deepEqual(sent.sort(), ['f', 'h', 'q'])
  for (const person of [fox, chrome]) assert.deepEqual(person.complaints, [])
})
