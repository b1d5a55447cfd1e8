// What nobody speaks and nobody looks at takes next to nothing of a line.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Chromium } from '../harness/browsers.js'
import { LOOKS } from '../harness/person.js'
import { Server } from '../harness/server.js'
import { until } from '../harness/until.js'

let server, browser
before(async () => {
  server = await Server.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const enter = (name, room, look) => browser.enter(server, { name, room, look })
const sound = async (person, type) =>
  (await person.stats(type))
    .filter(({ kind }) => kind === 'audio')
    .map(({ packetsSent, packetsReceived }) => packetsSent ?? packetsReceived)

test('a silent microphone sends a few packets a second, and who speaks is known and heard all the same', async () => {
  const speaker = await enter('speaker', 'quiet', LOOKS[0])
  const silent = await enter('silent', 'quiet', { ...LOOKS[1], tone: 0 })
  await silent.hearsTone(speaker)
  await until('the speaker is marked', async () => (await silent.room()).speaker === speaker.id, {
    look: () => silent.room(),
  })
  const rates = async () => {
    const counted = () =>
      Promise.all([
        sound(silent, 'outbound-rtp'),
        sound(speaker, 'inbound-rtp'),
        sound(speaker, 'outbound-rtp'),
      ])
    const [sent, received, spoken] = await counted()
    await pause(4_000)
    const [sentLater, receivedLater, spokenLater] = await counted()
    const sum = (list) => list.reduce((all, one) => all + one, 0)
    return [sum(sentLater) - sum(sent), sum(receivedLater) - sum(received), sum(spokenLater) - sum(spoken)]
  }
  const [sent, received, spoken] = await rates()
  assert.ok(
    sent < 60 && received < 60,
    `silence is suppressed both ways: ${sent}, ${received} packets in 4 s`,
  )
  assert.ok(spoken > 150, `speech is whole: ${spoken} packets in 4 s`)
  await silent.hearsTone(speaker)
  await Promise.all([speaker.close(), silent.close()])
})

test('a page in the background gets no pictures but hears, and sees again once it is in front', async () => {
  const shown = await enter('shown', 'away', LOOKS[0])
  const viewer = await enter('viewer', 'away', LOOKS[1])
  await viewer.meets(shown)
  const turn = (state) =>
    viewer.page.evaluate((to) => {
      Object.defineProperty(document, 'visibilityState', { value: to, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    }, state)
  await turn('hidden')
  await until('no slot shows anything', async () => (await viewer.slot(shown, 'camera')) === null, {
    look: () => viewer.room(),
  })
  await viewer.hearsTone(shown)
  await turn('visible')
  await viewer.meets(shown)
  await Promise.all([shown.close(), viewer.close()])
})
