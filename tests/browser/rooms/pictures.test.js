// A room as it looks; with VIVA_SCREENSHOTS=1 the pictures of the README are taken anew.
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Chromium } from '../harness/browsers.js'
import { LOOKS } from '../harness/person.js'
import { Server } from '../harness/server.js'
import { until } from '../harness/until.js'

const FOLDER = fileURLToPath(new URL('../../../docs/images/', import.meta.url))
const KEEP = process.env.VIVA_SCREENSHOTS === '1'

const CAST = [
  { name: '考官 王芳', portrait: { hue: 24, hair: '#2b211e', skin: '#f0c9a8', coat: '#38506b', long: true } },
  {
    name: '考官 陈卫',
    portrait: { hue: 205, hair: '#3a3a40', skin: '#e6b88f', coat: '#2f3a4a', glasses: true },
  },
  {
    name: '工作人员 刘洋',
    portrait: { hue: 152, hair: '#4a3326', skin: '#f3d0b0', coat: '#7b4a52', long: true, glasses: true },
  },
  { name: '考生 李华', portrait: { hue: 262, hair: '#1f1b1e', skin: '#edc09a', coat: '#5a6b4f' } },
]

let server, browser
before(async () => {
  server = await Server.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** Everybody is on the page, sharp, and the network is judged. */
async function complete(viewer, others) {
  for (const other of others) {
    await until(
      `${viewer.name} sees ${other.name} well`,
      async () => (await viewer.picture(other))?.height >= 360,
      { look: () => viewer.picture(other), patience: 25_000 },
    )
  }
  await until(
    'the marks of the network are there',
    () =>
      viewer.page.evaluate(() =>
        [...document.querySelectorAll('[data-participant]')].every((tile) =>
          tile.ariaLabel.includes('网络：良好'),
        ),
      ),
    {
      look: () =>
        viewer.page.evaluate(() =>
          [...document.querySelectorAll('[data-participant]')].map((tile) => tile.ariaLabel),
        ),
    },
  )
  await viewer.page.mouse.move(2, 2)
}

async function shot(viewer, name) {
  const picture = await viewer.page.screenshot({ type: 'png' })
  assert.ok(picture.length > 30_000, 'a page with pictures on it is no small file')
  if (!KEEP) return
  mkdirSync(FOLDER, { recursive: true })
  await viewer.page.screenshot({ type: 'png', path: `${FOLDER}${name}.png` })
}

test('a room of four on a desktop and on a phone', async () => {
  const room = '2026 年硕士研究生复试 · 第三考场'
  const light = { room, colorScheme: 'light', fps: 10 }
  const people = []
  for (const [i, { name, portrait }] of CAST.entries()) {
    // Who is drawn on the desktop's page sits there; the last one holds the phone.
    const device =
      i === CAST.length - 1
        ? { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true }
        : { viewport: { width: 1440, height: 900 } }
    people.push(await browser.enter(server, { name, portrait, look: LOOKS[i], ...light, ...device }))
  }
  const [desktop, , , phone] = people
  for (const person of people) await person.company(CAST.length - 1)
  await complete(desktop, people.slice(1))
  await shot(desktop, 'room')
  await complete(phone, people.slice(0, -1)).catch((error) => {
    // Small tiles are entitled to small pictures.
    if (!/sees/.test(error.message)) throw error
  })
  await shot(phone, 'room-phone')
  for (const person of people) assert.deepEqual(person.complaints, [])
})
