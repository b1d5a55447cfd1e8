// What is shown beside the cameras: a screen that the candidate shares on invitation, materials of an examiner, and a
// second camera from the candidate's phone; each by what is really decoded at the other side.
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Candidate } from '../harness/candidate.js'
import { Demo } from '../harness/demo.js'
import { LOOKS } from '../harness/person.js'
import { until } from '../harness/until.js'

/** The tab that the browser picks when a page asks for a screen. */
const MATERIALS = 'viva-materials'
const PAPER = [30, 170, 190]
const PHONE = { width: 390, height: 780 }

let demo, browser
before(async () => {
  browser = await Chromium.start({ shares: MATERIALS })
})
after(() => browser?.close())
beforeEach(async () => {
  demo = await Demo.start()
})
afterEach(() => demo?.stop())

async function staff(link, name, look) {
  const person = await browser.page({ name, look, viewport: { width: 1440, height: 900 }, fps: 8 })
  await person.page.goto(link.replace('#', '?auto#'))
  await person.entered()
  person.button = (label) => person.page.getByRole('button', { name: label, exact: true })
  return person
}

async function candidate(look, index = 0) {
  const [phone, password] = [
    ['13800138001', null],
    ['13800138002', demo.password],
  ][index]
  const person = await browser.page({ name: `考生 ${index + 1}`, look, fps: 8 })
  const walking = new Candidate(person, { invitation: demo.invitations[index], phone, password, demo })
  await walking.walk()
  return walking
}

async function stage(host, name, confirm) {
  await host.page.getByRole('button', { name: new RegExp(`^下一阶段\\s*${name}`) }).click()
  if (confirm) await host.page.getByRole('alertdialog').getByRole('button', { name: confirm }).click()
  const current = host.page.locator('[aria-current="step"]').first()
  await until(`the interview is at ${name}`, async () => (await current.innerText()) === name)
}

/** Something to share, in another tab of the same person's browser; it moves, so that pictures are made. */
async function materials(person) {
  const tab = await person.page.context().newPage()
  await tab.setContent(`<title>${MATERIALS}</title><body style="margin:0;background:rgb(${PAPER})"><b id="clock"></b>
    <script>setInterval(() => (clock.textContent = Date.now()), 200)</script>`)
  await person.page.bringToFront()
  return tab
}

async function share(person) {
  await person.button('共享屏幕').click()
  await person.button('停止共享').first().waitFor()
}

test('the candidate shares the screen while the host invites, an examiner the materials', async () => {
  const host = await staff(demo.host, 'host', LOOKS[0])
  const examiner = await staff(demo.examiners[0], 'examiner', LOOKS[1])
  const one = await candidate(LOOKS[2])
  one.button = (label) => one.page.getByRole('button', { name: label, exact: true })
  await host.page.getByRole('button', { name: /^叫入下一位/ }).click()
  await stage(host, '宣讲')
  await stage(host, '面谈')
  await examiner.seesColour(one)
  assert.equal(await one.button('共享屏幕').count(), 0, 'nobody has invited')

  await host.button('邀请共享屏幕').click()
  await one.page.getByText('工作人员邀请您共享屏幕').waitFor()
  let tab = await materials(one)
  await share(one)
  const shown = await examiner.seesSource(one, 'screen', PAPER)
  assert.ok(shown.width >= 640, `large enough to read: ${shown.width}`)
  assert.ok(await examiner.isLargest(one, 'screen'), 'the screen is the large picture')
  await examiner.seesColour(one)

  // The browser's own end of sharing: what was shared is closed.
  await tab.close()
  await examiner.seesNothingFrom(one, 'screen')
  await one.button('共享屏幕').waitFor()

  // A page that is loaded again shares nothing, and may share anew.
  tab = await materials(one)
  await share(one)
  await examiner.seesSource(one, 'screen', PAPER)
  await one.page.reload()
  await one.entered()
  await examiner.seesNothingFrom(one, 'screen')
  await share(one)
  await examiner.seesSource(one, 'screen', PAPER)

  // The invitation ends, and with it what is shared, at both ends.
  await host.button('结束屏幕共享').click()
  await examiner.seesNothingFrom(one, 'screen')
  await until('the candidate shares no more', async () => (await one.button('停止共享').count()) === 0)
  assert.equal(await one.button('共享屏幕').count(), 0)
  await tab.close()

  // Materials of an examiner are seen by the candidate as long as the stage brings them together.
  const paper = await materials(examiner)
  await share(examiner)
  await one.seesSource(examiner, 'screen', PAPER)
  await stage(host, '评议', '断开并进入')
  await one.seesNothingFrom(examiner, 'screen')
  await host.seesSource(examiner, 'screen', PAPER)
  await paper.close()
  for (const person of [host, examiner, one]) {
    assert.deepEqual(person.complaints, [], `${person.name} has nothing to complain of`)
    await person.close()
  }
})

test('a phone is paired by the QR code, seen beside the candidate in turn, and replaced by a newer one', async () => {
  const host = await staff(demo.host, 'host', LOOKS[0])
  const examiner = await staff(demo.examiners[0], 'examiner', LOOKS[1])
  const two = await candidate(LOOKS[2], 1)
  await host.page.getByRole('button', { name: '查看 王芳' }).click()
  const row = host.page.locator('[data-check="second_camera"]')
  await row.getByText('未连接').waitFor()

  const phone = await paired(two, LOOKS[3])
  await phone.is('ready')
  await two.page.locator('[data-second-camera="online"]').waitFor()
  await row.getByText('已连接').waitFor()
  assert.equal((await phone.room()).publications.length, 0, 'a phone receives nothing')

  // The same code again, from somebody who has filmed the screen.
  const thief = await browser.page({ name: 'thief', viewport: PHONE })
  await thief.page.goto(phone.link)
  await thief.page.getByText('无法连接为第二机位').waitFor()
  await thief.close()

  await stage(host, '宣讲')
  await examiner.seesColour(two)
  assert.equal(await examiner.page.locator('[data-source="second_camera"]').count(), 0)
  await host.page.getByRole('button', { name: /^叫入下一位/ }).click()
  await stage(host, '面谈')
  await examiner.seesSource(two, 'second_camera', LOOKS[3].colour)
  await examiner.page.getByText('第二机位').first().waitFor()
  await examiner.meets(two)
  await phone.is('seen')
  assert.equal(
    (await examiner.room()).participants.length,
    2,
    'host and candidate: the phone is nobody on the list',
  )

  // Reloaded, and with its network gone for a moment, the phone is back by itself.
  await phone.page.reload()
  await phone.is('seen')
  await examiner.seesSource(two, 'second_camera', LOOKS[3].colour)

  // Another phone takes its place; the first one is told.
  await two.page.getByRole('button', { name: '第二机位：已连接' }).click()
  const newer = await paired(two, LOOKS[0], '换一部手机')
  await phone.page.getByText('已改用另一部手机').waitFor()
  await newer.is('seen')
  await examiner.seesSource(two, 'second_camera', LOOKS[0].colour)

  await stage(host, '评议', '断开并进入')
  await examiner.seesNothingFrom(two, 'second_camera')
  await newer.is('ready')
  await stage(host, '公布')
  await examiner.seesSource(two, 'second_camera', LOOKS[0].colour)
  await two.page.getByRole('button', { name: '断开手机' }).click()
  await newer.page.getByText('第二机位已结束').waitFor()
  await examiner.seesNothingFrom(two, 'second_camera')
  for (const person of [host, examiner, two, phone, newer]) await person.close()
})

/** A phone that scans the code on the candidate's page. */
async function paired(candidate, look, button = '显示二维码') {
  await candidate.page.getByRole('button', { name: button }).click()
  const link = await candidate.page.locator('[data-link]').getAttribute('data-link')
  const phone = await browser.page({ name: 'phone', look, fps: 8, viewport: PHONE })
  phone.link = link
  phone.is = (status) => phone.page.locator(`[data-status="${status}"]`).waitFor()
  await phone.page.goto(link)
  return phone
}
