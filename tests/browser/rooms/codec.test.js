// A picture in a codec that somebody's browser does not take: told on its tile, and shown once it comes in another one.
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { takesVp8Alone } from '../harness/codecs.js'
import { LOOKS } from '../harness/person.js'
import { Server } from '../harness/server.js'
import { until } from '../harness/until.js'

const TOLD = '当前浏览器无法播放此画面，请更换浏览器。'

let server, browser
before(async () => {
  server = await Server.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** Keeps the peer connections in reach of {@link sendIn}. */
function keepsPeers() {
  window.peersOfTest = []
  const Native = window.RTCPeerConnection
  window.RTCPeerConnection = class RTCPeerConnection extends Native {
    constructor(...args) {
      super(...args)
      window.peersOfTest.push(this)
    }
  }
}

/** Changes the codec of the camera while it is sent, without a new offer. */
function sendIn(person, mimeType) {
  return person.page.evaluate(async (wanted) => {
    const senders = window.peersOfTest.flatMap((peer) =>
      peer.connectionState === 'connected' ? peer.getSenders() : [],
    )
    const sender = senders.find(({ track }) => track?.kind === 'video')
    const parameters = sender.getParameters()
    const codec = parameters.codecs.find(
      (one) =>
        one.mimeType === wanted && (wanted === 'video/VP8' || /packetization-mode=1/.test(one.sdpFmtpLine)),
    )
    for (const encoding of parameters.encodings) encoding.codec = codec
    await sender.setParameters(parameters)
  }, mimeType)
}

async function enters(name, look, prepare) {
  const person = await browser.page({ name, look, fps: 8 })
  await person.page.addInitScript(prepare)
  await person.page.goto(`${server.url}/room?auto#token=${await server.token({ name })}`)
  await person.entered()
  return person
}

test('a picture that the browser cannot play is told on its tile, and comes back', async () => {
  const a = await enters('A', LOOKS[0], keepsPeers)
  const b = await enters('B', LOOKS[1], takesVp8Alone)
  await b.seesMoving(a)
  const told = b.page.locator(`[data-participant="${a.id}"]`).getByText(TOLD)

  // While it is shown the server empties the slot and says why.
  await sendIn(a, 'video/H264')
  await told.waitFor()

  // Who comes later is refused, and told the same.
  await b.page.reload()
  await b.entered()
  await told.waitFor()

  await sendIn(a, 'video/VP8')
  await told.waitFor({ state: 'detached' })
  await b.seesMoving(a)

  // The others were never without it.
  await until('A has nothing to complain of', async () => a.complaints.length === 0, {
    look: async () => a.complaints,
  })
})
