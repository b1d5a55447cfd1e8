// The face check as a candidate and a host see it, with a portrait that NASA has given to everybody (Eileen Collins, 1993; it
// comes with scikit-image); with VIVA_SCREENSHOTS=1 the pictures of the guide are taken anew.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Chromium } from '../harness/browsers.js'
import { Candidate } from '../harness/candidate.js'
import { Demo } from '../harness/demo.js'

const FACES = fileURLToPath(new URL('../../../.cache/faces', import.meta.url))
const FOLDER = fileURLToPath(new URL('../../../docs/guide/images/', import.meta.url))
const KEEP = process.env.VIVA_SCREENSHOTS === '1'
/** In bytes, of one picture. */
const MOST = 300_000

const PORTRAIT = readFileSync(`${FACES}/photos/astronaut.png`)
/** Where the face is, as parts of the photo; it stands small in the camera's picture, as the photo is no larger. */
const CAMERA = { jpeg: PORTRAIT.toString('base64'), x: 0.435, y: 0.22, high: 0.3 }
const DESK = { viewport: { width: 1000, height: 940 }, colorScheme: 'light' }

let demo, browser, interview
before(async () => {
  demo = await Demo.start({ settings: { face_models: FACES } })
  browser = await Chromium.start()
  const [row] = await demo.get('/api/admin/interviews')
  interview = `/api/admin/interviews/${row.id}`
  const [{ seat }] = await demo.get(`${interview}/candidates`)
  await demo.put(`${interview}/candidates/${seat}/photo`, PORTRAIT, 'image/png')
  const { name, opens_at, closes_at, stages, criteria, second_camera } = row
  const identity = { face: 'once', attempts: 3, turn: false }
  await demo.put(interview, { name, opens_at, closes_at, stages, criteria, second_camera, identity })
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** A picture of the page, or of a part of it. */
async function keep(person, name, part = person.page) {
  if (!KEEP) return
  const options = { type: 'png', scale: 'css', animations: 'disabled', path: `${FOLDER}${name}.png` }
  const { length } = await part.screenshot(options)
  assert.ok(length < MOST, `${name} has ${length} bytes`)
}

test('the face check, from the consent to what the staff sees', async () => {
  const person = Candidate.of(demo, 0, await browser.page({ photo: CAMERA, ...DESK }))
  await person.invited()
  await person.at('identity')
  await person.button('同意并开始').waitFor()
  await keep(person, 'candidate-face-consent')
  await person.button('同意并开始').click()
  await person.faceIsRight()
  await person.page.evaluate(() => window.scrollTo(0, 0))
  await keep(person, 'candidate-face')
  await person.button('开始校验').click()
  await person.at('speaker')

  const viewport = { width: 1280, height: 900 }
  const host = await browser.page({ name: '孙老师', ...DESK, viewport })
  await host.page.goto(demo.host.replace('#', '?auto#'))
  await host.entered()
  await host.page.getByRole('button', { name: /李华/ }).first().click()
  const detail = host.page.locator('[data-face]').first()
  await detail
    .getByText(/相似度/)
    .first()
    .waitFor()
  await host.page.locator('[data-face] img').nth(1).waitFor()
  await keep(host, 'host-face', detail)
  await person.close()
  await host.close()
})
