// The codec that an interview is set to: a candidate's page sends the camera in it, and is seen in it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Candidate } from '../harness/candidate.js'
import { Demo } from '../harness/demo.js'
import { LOOKS } from '../harness/person.js'
import { Staff } from '../harness/staff.js'

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** How somebody's camera is sent. */
async function sent(person) {
  const entries = await person.stats()
  const video = entries.filter(({ type, kind }) => type === 'outbound-rtp' && kind === 'video')
  const codec = entries.find(({ id }) => id === video[0]?.codecId)?.mimeType
  return { streams: video.length, codec, layers: video[0]?.scalabilityMode }
}

test('an interview that is set to VP9 is sent and seen in VP9', async () => {
  const [row] = await demo.get('/api/admin/interviews')
  assert.equal(row.picture_codec, 'vp8')
  const { name, opens_at, closes_at, stages, criteria, second_camera, identity, pledge } = row
  const setup = { name, opens_at, closes_at, stages, criteria, second_camera, identity, pledge }
  await demo.put(`/api/admin/interviews/${row.id}`, { ...setup, picture_codec: 'vp9' })

  const host = await Staff.sit(browser, demo.host, { name: 'host', look: LOOKS[0] })
  const candidate = Candidate.of(demo, 0, await browser.page({ look: LOOKS[2], fps: 8 }))
  await candidate.walk()
  await host.interviews(candidate)
  assert.deepEqual(await sent(candidate), { streams: 1, codec: 'video/VP9', layers: 'L3T3_KEY' })
  assert.equal((await host.video(candidate)).codec, 'video/VP9')
  assert.deepEqual(host.complaints.concat(candidate.complaints), [])
})
