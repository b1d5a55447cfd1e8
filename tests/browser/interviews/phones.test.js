// On a phone nothing is cut, covered or too small for a thumb: every page of a candidate from the first to the farewell, the room
// with its messages, the seats of the staff, the open room.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Candidate } from '../harness/candidate.js'
import { Demo } from '../harness/demo.js'
import { fitsPhones, PHONES } from '../harness/layout.js'
import { LOOKS } from '../harness/person.js'
import { Staff } from '../harness/staff.js'
import { until } from '../harness/until.js'

const PHONE = { viewport: PHONES[0], isMobile: true, hasTouch: true, fps: 2 }
const UPRIGHT = PHONES.filter(({ width, height }) => width < height)

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** In Chinese at all sizes; in English, whose words are longer, at the narrowest. */
async function fits(page, name, { sizes = PHONES, english = true } = {}) {
  await fitsPhones(page, name, { sizes, shot })
  if (!english) return
  await speak(page, 'English')
  await fitsPhones(page, `${name}, English`, { sizes: [PHONES[0]], shot, thumb: false })
  await speak(page, '中文')
}

/** By the button at the top of the page, or in the settings of a call. */
async function speak(page, language) {
  const top = page.getByRole('button', { name: language, exact: true })
  if ((await top.count()) > 0) return top.click()
  await behindMore(page, /^(设置|Settings)$/)
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: language }).click()
  await dialog.getByRole('button', { name: /^(关闭|Close)$/ }).click()
  await until('the settings are closed', async () => (await page.getByRole('dialog').count()) === 0)
}

async function behindMore(page, name) {
  await page.setViewportSize(PHONES[0])
  await page.getByRole('button', { name: /^(更多|More)$/ }).click()
  await page.getByRole('dialog').getByRole('button', { name }).click()
}

/** Pictures for who wants to look, in the folder that VIVA_SHOTS names. */
async function shot(page, where) {
  const folder = process.env.VIVA_SHOTS
  if (!folder) return
  for (const theme of ['light', 'dark']) {
    await page.evaluate((chosen) => (document.documentElement.dataset.theme = chosen), theme)
    // Colours take a moment to change.
    await page.waitForTimeout(250)
    await page.screenshot({ path: `${folder}/${where.replace(/[ ,]+/g, '-')}-${theme}.png` })
  }
  await page.evaluate(() => (document.documentElement.dataset.theme = 'light'))
}

const labels = (page) =>
  page
    .getByRole('toolbar')
    .getByRole('button')
    .evaluateAll((all) => all.map((one) => one.innerText.trim()))

test('a candidate’s way, from the first page to the waiting room', async () => {
  const b = Candidate.of(demo, 1, await browser.page({ ...PHONE, look: LOOKS[1] }))
  const { page } = b
  await page.goto(b.invitation.url)
  await b.button('进入面谈房间').waitFor()
  await fits(page, 'invitation')
  await b.button('进入面谈房间').click()
  await b.at('password')
  await fits(page, 'password')
  await b.fill('面谈密码', b.password)
  await b.button('进入面谈房间').click()
  await b.at('identity')
  await fits(page, 'identity')
  await b.button('发送验证码').click()
  const code = await demo.smsCode(b.phone)
  await fits(page, 'identity with a code', { english: false })
  await b.fill('短信验证码', code)
  await b.button(/^验证$/).click()

  await b.at('speaker')
  await b.button('不能听见').click()
  await page.getByRole('region', { name: '请按以下建议检查' }).getByText('调高系统和设备的音量').waitFor()
  await page.getByText('请播放一段音乐').waitFor()
  await fits(page, 'speaker with advice')
  await b.button('重新检测').click()
  await page.getByText('正在为您播放一段音乐').waitFor()
  await b.button('可以听见').click()
  await b.at('microphone')
  assert.ok(await b.button('可以听见').isDisabled(), 'nothing was heard yet')
  await fits(page, 'microphone')
  await b.hearsThemselves()
  await b.button('可以听见').click()
  await b.at('camera')
  await page.getByText('画面正常。').waitFor()
  await fits(page, 'camera')

  // A no is answered with advice that was written for this check; a yes leads in, without one more button.
  await b.button('不能看见').click()
  await page.getByText('打开镜头盖或摄像头开关').waitFor()
  await b.button('可以看见').click()
  await b.at('waiting')
  await b.entered()
  await page.setViewportSize(PHONES[0])
  assert.deepEqual(await labels(page), ['麦克风', '摄像头', '消息', '更多', '离开'])
  await fits(page, 'waiting room')
  await page.getByRole('button', { name: '消息', exact: true }).click()
  await page.getByText('发给工作人员：考官和其他考生看不到').waitFor()

  // The page before the waiting room is there for who comes anew.
  await page.evaluate(() => sessionStorage.clear())
  await b.reload('waiting')
  await b.button('正式进入面谈系统').waitFor()
  assert.match(await page.title(), /^检测已完成（3\/3）/)
  await fits(page, 'ready')
  await b.enter()

  const tab = await browser.tab(b)
  await tab.page.goto(b.invitation.url)
  await tab.page.getByRole('button', { name: '进入面谈房间' }).click()
  await tab.page.getByRole('alertdialog', { name: '另一个窗口正在进行面谈，改在这里继续？' }).waitFor()
  await fits(tab.page, 'asked before it enters', { english: false })
  await tab.page.getByRole('button', { name: '不在这里继续' }).click()
  await tab.page.goto(`${demo.server.url}/candidate`)
  await tab.page.getByRole('heading', { name: '另一个窗口正在使用此座位，改在这里继续？' }).waitFor()
  await fits(tab.page, 'asked before it takes the seat')
  assert.equal((await b.room()).phase, 'in', 'the older window has noticed nothing')
  await b.close()
})

test('the room, with messages and 更多 open, and the farewell; the seats of the staff', async () => {
  const a = Candidate.of(demo, 0, await browser.page({ ...PHONE, look: LOOKS[2] }))
  const { page } = a
  await a.arrives()
  const seat = { ...PHONE, name: 'examiner', look: LOOKS[1] }
  const examiner = await Staff.sit(browser, demo.examiners[0], seat)
  const host = await Staff.sit(browser, demo.host, { name: 'host', look: LOOKS[0], fps: 2 })
  await host.button('叫入下一位：李华').click()
  await host.stage('宣讲')
  await a.at('room')
  await host.stage('面谈')
  await a.meets(examiner)
  await page.setViewportSize(PHONES[0])
  assert.deepEqual(await labels(page), ['麦克风', '摄像头', '消息', '更多', '离开'])
  await fits(page, 'room')

  await page.getByRole('button', { name: '更多' }).click()
  await page.getByRole('dialog', { name: '更多' }).waitFor()
  await fits(page, 'room with more', { sizes: UPRIGHT, english: false })
  await page.getByRole('dialog').getByRole('button', { name: '统计信息' }).click()
  await fits(page, 'room with figures', { english: false })
  await behindMore(page, '统计信息')

  await page.getByRole('button', { name: '消息', exact: true }).click()
  await page.getByText('发给面谈小组：考官和工作人员可见，其他考生看不到').waitFor()
  await page.getByRole('textbox', { name: '消息内容' }).fill('老师好')
  await page.getByRole('button', { name: '发送', exact: true }).click()
  await page.getByText('已发给面谈小组').waitFor()
  await fits(page, 'room with messages', { english: false })
  await page.getByRole('complementary', { name: '消息' }).getByRole('button', { name: '关闭' }).click()

  // Muted by the host: it looks so in the bar and on the own picture, and no level moves.
  const card = await host.choose('李华')
  await card.getByRole('button', { name: '静音' }).click()
  await page.getByText('工作人员已将您静音').first().waitFor()
  await page.getByRole('button', { name: '关闭麦克风（已被工作人员静音）' }).waitFor()
  await page.getByRole('group', { name: /^李华（我）.*已静音/ }).waitFor()
  await fits(page, 'room while muted')
  await behindMore(page, '设置')
  assert.equal(await page.getByRole('meter').count(), 0)
  await page.getByRole('dialog').getByRole('button', { name: '关闭' }).click()
  await card.getByRole('button', { name: '解除静音' }).click()

  await examiner.page.setViewportSize(PHONES[0])
  assert.deepEqual(await labels(examiner.page), ['麦克风', '摄像头', '消息', '更多', '离开'])
  await fits(examiner.page, 'examiner', { sizes: UPRIGHT })
  await examiner.page.getByRole('toolbar').getByRole('button', { name: '消息' }).click()
  await examiner.page.getByRole('tabpanel', { name: '消息' }).getByRole('textbox').waitFor()
  await fits(examiner.page, 'examiner with messages', { sizes: UPRIGHT, english: false })

  // The host's buttons stand beside the stage, which stays whole; the clock of a turn has its own beside it.
  await fits(host.page, 'host', { sizes: UPRIGHT })
  await host.page.setViewportSize({ width: 1280, height: 720 })

  await host.stage('评议', '断开并进入')
  await host.stage('公布')
  await (await host.tab('评分成绩')).getByRole('button', { name: '公布成绩' }).first().click()
  const dialog = host.page.getByRole('alertdialog')
  await dialog.getByText('拟录取', { exact: true }).click()
  // Nobody has scored here: the demo's host is the chair, and says why.
  await dialog.getByRole('textbox', { name: '仍要公布的理由' }).fill('练习')
  await dialog.getByRole('button', { name: '仍要公布' }).click()
  await page.getByText('拟录取').first().waitFor()
  await fits(page, 'room with a result')
  await host.stage('成绩确认')
  await a.button('确认面谈结果').first().waitFor()
  await fits(page, 'room with a result to confirm', { english: false })
  await host.stage('结束', '结束面谈')
  await page.getByText('面谈已结束').first().waitFor()
  assert.match(await page.title(), /^面谈已结束 · /)
  await fits(page, 'farewell')
  for (const one of [a, examiner, host]) await one.close()
})

test('the office', async () => {
  const [account, password] = demo.administrator
  const person = await Staff.signedIn(
    browser,
    demo.server,
    { account, password },
    { ...PHONE, look: LOOKS[0] },
  )
  const { page } = person
  const [{ id }] = await demo.get('/api/admin/interviews')
  const one = `/admin/interviews/${id}`
  const pages = ['/admin', '/admin/interviews/new', '/admin/outbox', '/admin/accounts', '/admin/people']
  const parts = ['', '/panel', '/candidates', '/rehearsal', '/draws', '/export', '/minutes', '/sheet']
  for (const path of [...pages, '/admin/settings', ...parts.map((part) => one + part)])
    for (const language of ['zh-CN', 'en']) {
      await page.goto(demo.server.url + path)
      await page.evaluate((chosen) => localStorage.setItem('viva.locale', chosen), language)
      await page.reload()
      await page.getByRole('heading', { level: 1 }).waitFor()
      await fitsPhones(page, `${path.replace(id, 'one')}, ${language}`, {
        sizes: [PHONES[0]],
        shot,
        thumb: false,
      })
    }
  await person.close()
})

test('an open room', async () => {
  const person = await browser.page({ ...PHONE, name: 'guest', look: LOOKS[3] })
  const token = await demo.server.token({ room: 'open', name: 'guest' })
  await person.page.goto(`${demo.server.url}/room#token=${token}`)
  await person.page.getByRole('button', { name: '进入房间' }).waitFor()
  await fits(person.page, 'before an open room')
  await person.page.getByRole('button', { name: '进入房间' }).click()
  await person.entered()
  await person.page.setViewportSize(PHONES[0])
  assert.deepEqual(await labels(person.page), ['麦克风', '摄像头', '更多', '离开'])
  await fits(person.page, 'open room')
  await person.close()
})
