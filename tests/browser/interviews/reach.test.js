// Before the waiting room: the host sees who is on the check pages and what keeps them there, writes to them, lets them pass.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Candidate } from '../harness/candidate.js'
import { Demo } from '../harness/demo.js'
import { isColour, LOOKS, Person } from '../harness/person.js'
import { Staff } from '../harness/staff.js'
import { until } from '../harness/until.js'

/** Frames a second: nobody looks at pictures here. */
const FPS = 1
const PHONE = {
  viewport: { width: 360, height: 740 },
  isMobile: true,
  hasTouch: true,
}

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await Chromium.start({ asks: true })
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

test('who may not use the microphone is seen, written to, answers, and is let pass by the host', async () => {
  const host = await Staff.sit(browser, demo.host, {
    name: 'host',
    look: LOOKS[0],
    fps: FPS,
  })
  // What is not granted is refused, as a person would do it.
  const context = await browser.process.newContext({
    locale: 'zh-CN',
    permissions: ['geolocation'],
    ...PHONE,
  })
  const page = await context.newPage()
  const person = new Person(page, {
    name: 'candidate',
    look: LOOKS[2],
    close: () => context.close(),
  })
  const candidate = Candidate.of(demo, 0, person)
  await candidate.proved()
  const row = host.page.locator('[data-candidate]').filter({ hasText: candidate.name })
  await row.getByText('在检测页面').waitFor()

  const detail = await host.choose(candidate.name)
  await detail.getByRole('button', { name: '发消息' }).click()
  await host.says('您好，需要帮助吗？')
  const foot = page.locator('[data-step-chat]')
  await foot.getByText('您好，需要帮助吗？').waitFor()
  const box = await foot.boundingBox()
  const answer = await candidate.button('不能听见').boundingBox()
  assert.ok(answer.y + answer.height <= box.y + 1, 'the messages hide no button')
  assert.ok(box.x >= 0 && box.x + box.width <= 360, 'and nothing of them is cut')
  await foot.click()
  await page.getByRole('textbox', { name: '消息内容' }).fill('麦克风没有权限')
  await page.getByRole('button', { name: '发送', exact: true }).click()
  await (await host.tab('消息')).getByRole('log').getByText('麦克风没有权限').waitFor()
  await page.getByRole('button', { name: '关闭' }).click()

  // From the speaker to the microphone, by a word that needs no ear.
  await candidate.tell('checks/speaker', {
    passed: true,
    device: 'of the test',
  })
  await candidate.at('microphone')
  await row.getByText('麦克风未获得使用权限').waitFor()
  await host.page.locator('[data-needy]').click()
  assert.equal(await host.page.locator('[data-candidate]').count(), 1, 'only who needs help is left')

  await host.tab('考生')
  await detail.locator('[data-act=pass-checks]').click()
  await host.question.getByRole('textbox').fill('现场核对，设备可用')
  await host.question.getByRole('button', { name: '检测放行' }).click()
  await candidate.at('waiting')
  await until('the candidate is in the room', async () => (await row.getByText('在检测页面').count()) === 0)
  assert.match(await detail.innerText(), /检测由工作人员放行：现场核对，设备可用/)
})

test('who cannot show who they are in another way is looked at by the host, before the room', async () => {
  const host = await Staff.sit(browser, demo.host, { name: 'second host', look: LOOKS[0], fps: FPS })
  const person = await browser.page({ name: 'candidate', look: LOOKS[1], fps: 5, ...PHONE })
  const { page } = person
  const candidate = Candidate.of(demo, 1, person)
  await candidate.invited()
  await candidate.passPassword()
  await candidate.at('identity')
  await page.getByRole('radio', { name: '人工核验' }).click()
  await page.locator('[data-line]').getByText('请正对摄像头').waitFor()
  await candidate.button('请工作人员核验').click()
  await page.locator('[data-line]').getByText('请稍候，尚无人查看').waitFor()

  const row = host.page.locator('[data-candidate]').filter({ hasText: candidate.name })
  await row.getByText('请求人工核验').waitFor()
  const detail = await host.choose(candidate.name)
  const check = detail.locator('[data-staff-check]')
  // The picture of this moment, and of no other colour than the candidate's own.
  const shown = () =>
    check.locator('[data-showing]').evaluate((image) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 })
      const context = canvas.getContext('2d')
      context.drawImage(image, image.naturalWidth / 2, image.naturalHeight / 2, 1, 1, 0, 0, 1, 1)
      return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3)
    })
  await check.locator('[data-showing]').waitFor()
  await until('the host sees the candidate', async () => isColour(await shown(), LOOKS[1].colour), {
    look: shown,
  })
  await page.locator('[data-line]').getByText('工作人员正在查看').waitFor()
  assert.deepEqual(host.complaints, [])

  // Not as it is: the candidate reads why, and asks once more.
  await check.locator('[data-act=refuse-identity]').click()
  await host.question.getByRole('textbox').fill('请摘下口罩')
  await host.question.getByRole('button', { name: '不能确认' }).click()
  await page.locator('[data-failure]').getByText('请摘下口罩').waitFor()
  await check.waitFor({ state: 'detached' })
  await page.reload()
  await candidate.button('再次请求核验').click()
  await check.locator('[data-showing]').waitFor()

  // While it stands still nobody says who it is.
  await page.context().setOffline(true)
  await until('the picture is late', () => check.locator('[data-act=confirm-identity]').isDisabled(), {
    patience: 30_000,
  })
  await page.context().setOffline(false)
  await until('it moves again', () => check.locator('[data-act=confirm-identity]').isEnabled(), {
    patience: 30_000,
  })
  await check.locator('[data-act=confirm-identity]').click()
  await candidate.at('speaker')
  await check.waitFor({ state: 'detached' })
  await detail.getByText('工作人员视频核验通过').waitFor()
  const inRoom = (await host.room()).participants.map(({ name }) => name)
  assert.ok(!inRoom.includes(candidate.name), 'nobody was in the room for it')
  await person.close()
})
