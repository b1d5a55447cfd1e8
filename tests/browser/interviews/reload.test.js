// A page of the staff that is loaded again is where it was: seat, tab, candidate, conversation, and what is half typed.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Candidate } from '../harness/candidate.js'
import { Demo } from '../harness/demo.js'
import { LOOKS } from '../harness/person.js'
import { Staff } from '../harness/staff.js'
import { until } from '../harness/until.js'

/** Frames a second: enough to see that a picture moves. */
const FPS = 4

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** Loads the page again, and waits until the seat is taken. */
async function again(person) {
  await person.page.reload()
  await person.entered()
}

const open = (person, tab) => person.page.getByRole('tab', { name: tab, selected: true }).waitFor()

test('host and examiner come back to the same place', async () => {
  // The host enters by the door that asks, and is not asked again.
  const host = await Staff.knock(browser, demo.host, { name: 'host', look: LOOKS[0], fps: FPS })
  await host.button('进入房间').click()
  await host.entered()
  const a = Candidate.of(demo, 0, await browser.page({ look: LOOKS[2], fps: FPS }))
  await a.arrives()

  await host.choose('王芳')
  await again(host)
  await open(host, '考生')
  await host.page.getByRole('region', { name: '王芳', exact: true }).waitFor()
  await host.button('叫入下一位：李华').click()
  await host.stage('宣讲')
  const examiner = await Staff.sit(browser, demo.examiners[0], { name: 'examiner', look: LOOKS[1], fps: FPS })
  await host.stage('面谈')
  await a.page.getByRole('textbox', { name: '消息内容' }).fill('老师好')
  await a.page.keyboard.press('Enter')

  // Scores: what is whole is saved, what is half typed is still there, the candidate is the same.
  const field = (name) => examiner.page.getByLabel(name, { exact: true })
  const values = () =>
    Promise.all(['专业知识', '综合素质', '外语能力'].map((name) => field(name).inputValue()))
  await field('专业知识').fill('88')
  await field('综合素质').fill('9x')
  await examiner.page.getByLabel('评语').fill('基础扎实，')
  await examiner.page.getByText('已自动保存').waitFor()
  await again(examiner)
  assert.deepEqual(await values(), ['88', '9x', ''])
  assert.equal(await examiner.page.getByLabel('评语').inputValue(), '基础扎实，')
  // At once, before anything is saved.
  await field('外语能力').fill('7')
  await again(examiner)
  assert.deepEqual(await values(), ['88', '9x', '7'])

  await (await examiner.tab('消息')).getByRole('button', { name: '全体' }).click()
  await again(examiner)
  await open(examiner, '消息')
  await examiner.page.getByRole('button', { name: '全体', pressed: true }).waitFor()
  await examiner.page.getByRole('log').getByText('老师好').waitFor()

  // The host's tab, and the conversation that is open.
  await (await host.tab('消息')).getByRole('button', { name: '考官组' }).click()
  await again(host)
  await open(host, '消息')
  await host.page.getByRole('button', { name: '考官组', pressed: true }).waitFor()
  await host.tab('评分成绩')
  await again(host)
  await open(host, '评分成绩')
  assert.equal(await host.current(), '面谈')
  await host.meets(a)
  await until('nobody stands twice in the room', async () => (await host.room()).participants.length === 2, {
    look: () => host.room(),
  })
  for (const person of [host, examiner, a]) await person.close()
})
