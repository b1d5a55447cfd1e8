// Who may do what: a seat that only watches, links that open nothing.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
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

test('a seat that only watches is told so, sees and hears, and sends nothing', async () => {
  const speaker = await browser.enter(server, { name: '考官', room: 'watch', look: LOOKS[0] })
  const watcher = await browser.page({ name: '旁听', look: LOOKS[1] })
  const token = await server.token({ name: '旁听', room: 'watch', publish: false })
  await watcher.page.goto(`${server.url}/room#token=${token}`)
  await until('the door says so', async () => (await watcher.text()).includes('您将以旁听方式进入'), {
    look: () => watcher.text(),
  })
  await watcher.page.click('button:has-text("进入房间")')
  const room = await watcher.entered()
  assert.deepEqual(room.permissions, { publish: false, subscribe: true })
  await watcher.meets(speaker)
  assert.equal(
    await watcher.page.locator('button[aria-label="关闭麦克风"], button[aria-label="打开麦克风"]').count(),
    0,
  )
  assert.deepEqual(await watcher.stats('outbound-rtp'), [])
  assert.deepEqual((await speaker.room()).publications, [], 'the others are offered nothing of this seat')
  for (const person of [speaker, watcher]) await person.close()
})

test('a client that publishes without permission gets through to nobody', async () => {
  const witness = await browser.enter(server, { name: '考官', room: 'forbidden', look: LOOKS[0] })
  const intruder = await browser.page({ name: '旁听', look: LOOKS[1] })
  const token = await server.token({ name: '旁听', room: 'forbidden', publish: false })
  await intruder.page.goto(`${server.url}/`)
  // An own client, which offers a camera all the same.
  const answered = await intruder.page.evaluate(async (token) => {
    const socket = new WebSocket(`ws://${location.host}/ws`)
    const answers = new Map()
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data)
      answers.get(message.re)?.(message)
    }
    await new Promise((resolve) => (socket.onopen = resolve))
    const ask = (message) =>
      new Promise((resolve) => {
        answers.set(message.id, resolve)
        socket.send(JSON.stringify(message))
      })
    await ask({ id: 1, type: 'hello', version: 1, client: 'intruder' })
    await ask({ id: 2, type: 'join', token })
    const peer = new RTCPeerConnection()
    const stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true })
    for (const track of stream.getTracks()) peer.addTransceiver(track, { direction: 'sendonly' })
    await peer.setLocalDescription()
    const tracks = peer.getTransceivers().map(({ mid, sender }) => ({
      mid,
      source: sender.track.kind === 'audio' ? 'microphone' : 'camera',
    }))
    const answer = await ask({ id: 3, type: 'offer', sdp: peer.localDescription.sdp, tracks })
    await peer.setRemoteDescription({ type: 'answer', sdp: answer.sdp })
    return {
      type: answer.type,
      publications: answer.publications,
      directions: peer.getTransceivers().map((t) => t.currentDirection),
    }
  }, token)
  assert.deepEqual(answered, { type: 'answer', publications: [], directions: ['inactive', 'inactive'] })
  await witness.company(1)
  assert.deepEqual((await witness.room()).publications, [])
  for (const person of [witness, intruder]) await person.close()
})

test('a link that is forged, expired or cut short says what to do, and opens nothing', async () => {
  const good = await server.token({ name: '考生', room: 'doors' })
  const expired = await server.token({ name: '考生', room: 'doors', ttl: '0s' })
  const forged = good.replace(/[^.]+$/, (seal) => [...seal].reverse().join(''))
  for (const token of [forged, expired]) {
    const person = await browser.page({ name: '考生' })
    await person.page.goto(`${server.url}/room?auto#token=${token}`)
    await until(
      'the page says why',
      async () => (await person.text()).includes('链接无效或已过期，请向工作人员索取新的链接。'),
      {
        look: () => person.text(),
      },
    )
    assert.match(await person.text(), /unauthorized/)
    assert.equal(await person.room(), null)
    await person.close()
  }
  const person = await browser.page({ name: '考生' })
  await person.page.goto(`${server.url}/room`)
  await until('the page says why', async () => (await person.text()).includes('链接不完整'))
  await person.close()
})
