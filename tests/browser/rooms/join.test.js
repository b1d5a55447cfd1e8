// From the click on “enter” to the first decoded frame. A report, no gate: the machine's load is in it.
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { LOOKS } from '../harness/person.js'
import { Server } from '../harness/server.js'

/** A median needs more: `JOINS=100`. */
const JOINS = Number(process.env.JOINS ?? 8)

let server, browser
before(async () => {
  server = await Server.start({ settings: { log: 'warn' } })
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

test(`${JOINS} joins, each from the click to the first decoded frame`, async (t) => {
  const there = await browser.enter(server, { name: '考官', room: 'join', look: LOOKS[0], fps: 30 })
  const times = []
  for (let i = 0; i < JOINS; i++) {
    const comer = await browser.page({ name: `考生 ${i}`, look: LOOKS[1] })
    const token = await server.token({ name: comer.name, room: 'join' })
    await comer.page.goto(`${server.url}/room#token=${token}`)
    // The person looks into the mirror before pressing: the page is quiet when the click comes.
    await comer.page.waitForFunction(() => document.querySelector('video')?.videoWidth > 0)
    times.push(await comer.page.evaluate(firstFrame))
    await comer.press('离开')
    await comer.page.click('[role=alertdialog] button:has-text("离开")')
    await there.company(0)
    await comer.close()
  }
  times.sort((a, b) => a - b)
  const at = (part) => Math.round(times[Math.min(JOINS - 1, Math.floor(JOINS * part))])
  t.diagnostic(
    `join: median ${at(0.5)} ms, p90 ${at(0.9)} ms, least ${at(0)} ms, most ${at(1)} ms (${JOINS} joins)`,
  )
})

/** In the page: presses the button, and gives the milliseconds until a frame of somebody else is on the screen. */
function firstFrame() {
  return new Promise((resolve) => {
    const button = [...document.querySelectorAll('button')].find((b) => b.innerText.includes('进入房间'))
    const clicked = performance.now()
    const watched = new WeakSet()
    const watch = () => {
      for (const video of document.querySelectorAll('[data-participant] video')) {
        const own =
          video.closest('[data-participant]').dataset.participant ===
          window.viva.client.state.value.room?.self.participant
        if (own || watched.has(video)) continue
        watched.add(video)
        video.requestVideoFrameCallback((now) => resolve(now - clicked))
      }
    }
    new MutationObserver(watch).observe(document.body, { childList: true, subtree: true })
    button.click()
  })
}
