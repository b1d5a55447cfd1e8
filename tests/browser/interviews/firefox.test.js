// The candidate's whole path in Firefox: from the code to the interview, in which both sides see and hear each other.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium, Firefox } from '../harness/browsers.js'
import { Candidate } from '../harness/candidate.js'
import { Demo } from '../harness/demo.js'
import { LOOKS } from '../harness/person.js'
import { Staff } from '../harness/staff.js'
import { until } from '../harness/until.js'

let demo, chromium, firefox
before(async () => {
  demo = await Demo.start()
  chromium = await Chromium.start()
  firefox = await Firefox.start({ tone: LOOKS[2].tone })
})
after(async () => {
  await firefox?.close()
  await chromium?.close()
  await demo?.stop()
})

test('in Firefox: code, SMS, three checks, waiting, and the interview', async () => {
  const host = await Staff.sit(chromium, demo.host, { name: 'host', look: LOOKS[0] })
  const fox = Candidate.of(demo, 0, await firefox.page({ look: LOOKS[2] }))
  await fox.invited()
  await fox.passIdentity()
  const reads = (text) =>
    until(`the page says ${text}`, async () => (await fox.text()).includes(text), { look: () => fox.text() })
  await fox.passChecks({
    between: (step) => step === 'camera' && reads('画面正常。'),
  })
  await reads('下一位就是您')

  await host.interviews(fox)
  await reads('2027 年硕士研究生复试（演示）')
  await host.says('请开始自我介绍。', '全体')
  await reads('请开始自我介绍。')
  await fox.reload('room')
  await fox.entered()
  await host.meets(fox)
  await fox.meets(host)
  assert.deepEqual(fox.complaints, [])
})
