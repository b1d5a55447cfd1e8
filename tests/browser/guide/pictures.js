// The demo's interview as everybody in it sees it; with VIVA_SCREENSHOTS=1 the pictures of the guide are taken anew.
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Chromium } from '../harness/browsers.js'
import { Candidate } from '../harness/candidate.js'
import { Demo } from '../harness/demo.js'
import { LOOKS } from '../harness/person.js'
import { until } from '../harness/until.js'

const FOLDER = fileURLToPath(new URL('../../../docs/guide/images/', import.meta.url))
const KEEP = process.env.VIVA_SCREENSHOTS === '1'
/** In bytes, of one picture: the guide is read over slow lines too. */
const MOST = 300_000

const DESK = { viewport: { width: 1280, height: 800 }, colorScheme: 'light', fps: 6 }
const PHONE = {
  viewport: { width: 390, height: 844 },
  colorScheme: 'light',
  fps: 6,
  isMobile: true,
  hasTouch: true,
}

const FACES = {
  host: { hue: 152, hair: '#4a3326', skin: '#f3d0b0', coat: '#7b4a52', long: true, glasses: true },
  first: { hue: 205, hair: '#3a3a40', skin: '#e6b88f', coat: '#2f3a4a', glasses: true },
  second: { hue: 24, hair: '#2b211e', skin: '#f0c9a8', coat: '#38506b' },
  third: { hue: 60, hair: '#3b2a20', skin: '#f3d0b0', coat: '#4d6a66', long: true },
  a: { hue: 262, hair: '#1f1b1e', skin: '#edc09a', coat: '#5a6b4f' },
  b: { hue: 330, hair: '#2b211e', skin: '#f0c9a8', coat: '#4d4a6b', long: true },
}
/** What the phone behind the first candidate films. */
const BACK = { ...FACES.a, behind: true }

/** The title of the tab that the browser picks when a page asks for a screen, and what is on it. */
const MATERIALS = 'viva-materials'
const SLIDE = `<title>${MATERIALS}</title><body style="margin:0;padding:7vw;font:2.4vw/1.7 'Noto Sans CJK SC',sans-serif;color:#22303c;background:#fbfaf6">
  <h1 style="font-size:4.6vw;margin:0 0 2vw">研究计划：低延迟媒体转发</h1>
  <ul><li>问题：多人面谈中端到端延迟的来源</li><li>方法：按接收端选择分层，批量发送</li><li>进度：已完成原型，正在测量</li></ul>
  <p style="color:#6b7a88" id="clock"></p><script>setInterval(() => (clock.textContent = new Date().toLocaleTimeString('zh-CN')), 500)</script>`

/** A list with one good row and three that are not. */
const LIST = [
  '姓名,考号,手机,密码',
  '林枫,2027013,13800138013,',
  ',2027014,13800138014,',
  '何雪,2027013,13800138015,',
  '郭涛,2027016,1380013801X,',
].join('\n')

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await Chromium.start({ shares: MATERIALS })
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** Waits until the page shows all that its picture is of. */
async function picture(person, name, ...shown) {
  for (const one of shown)
    await (typeof one === 'string' || one instanceof RegExp ? person.page.getByText(one) : one)
      .first()
      .waitFor()
  await person.page.mouse.move(2, 2)
  await keep(person, name)
}

/** The same of a dialog alone, with a little of what is around it. */
async function cutting(person, name, shown) {
  await shown.waitFor()
  const { x, y, width, height } = await shown.boundingBox()
  const around = 32
  await keep(person, name, {
    x: x - around,
    y: y - around,
    width: width + 2 * around,
    height: height + 2 * around,
  })
}

async function keep(person, name, clip) {
  if (!KEEP) return
  mkdirSync(FOLDER, { recursive: true })
  const options = { type: 'png', scale: 'css', animations: 'disabled', path: `${FOLDER}${name}.png`, clip }
  const { length } = await person.page.screenshot(options)
  assert.ok(length < MOST, `${name} has ${length} bytes`)
}

const button = (person, name) => person.page.getByRole('button', { name })
const heading = (person, name) => person.page.getByRole('heading', { name })
/** A question that stands before everything else is a dialog of its own kind. */
const dialog = (person, name) =>
  person.page.locator('[role=dialog], [role=alertdialog]').filter({ hasText: name })

/** What a page has complained of, but for the answers that are meant to refuse. */
const faults = (person) => person.complaints.filter((line) => !line.startsWith('Failed to load resource'))

/** Somebody of the staff, through the link that the demo has printed. */
async function staff(link, name, look, portrait) {
  const person = await browser.page({ name, look, portrait, ...DESK })
  await person.page.goto(link.replace('#', '?auto#'))
  await person.entered()
  return person
}

/** Frames of all the others are on the screen. */
async function sees(viewer, ...others) {
  for (const other of others) {
    const look = () => viewer.picture(other)
    const moving = async () => (await look())?.frames > 2
    await until(`${viewer.name} sees ${other.name}`, moving, { look, patience: 25_000 })
  }
}

/** Something on the page, such as a preview, is a moving picture. */
function alive(person) {
  const live = () =>
    [...document.querySelectorAll('video')].some((video) => video.videoWidth > 0 && video.currentTime > 0.3)
  return until(`${person.name} has a picture`, () => person.page.evaluate(live), { patience: 25_000 })
}

/** The stage that is marked as the current one. */
const current = (person) => person.page.locator('[aria-current="step"]').first().innerText()

async function stage(host, name, confirm) {
  // While somebody still waits, the end is not what comes next by itself.
  const next = button(host, new RegExp(`^下一阶段\\s*${name}`))
  if (await next.isVisible()) await next.click()
  else {
    await button(host, '切换到其他阶段').click()
    await host.page.getByRole('menuitem', { name }).click()
  }
  if (confirm) await dialog(host, confirm).getByRole('button', { name: confirm }).click()
  await until(`the interview is at ${name}`, async () => (await current(host)) === name, {
    look: () => current(host),
  })
}

async function fill(examiner, points) {
  for (const [name, value] of Object.entries(points))
    await examiner.page.getByLabel(name, { exact: true }).fill(value)
}

async function submit(examiner) {
  await button(examiner, '提交评分').click()
  await dialog(examiner, '的评分？').getByRole('button', { name: '提交评分' }).click()
  await examiner.page.getByText(/已于 .* 提交/).waitFor()
}

/** From the code to the waiting room, with a picture of each step. */
async function walksOnDesktop(a) {
  await a.page.goto(a.invitation.url)
  await picture(a, 'candidate-invitation', a.button('进入面谈房间'), a.page.getByLabel('面谈邀请码'))
  await a.button('进入面谈房间').click()
  await a.at('identity')
  await a.button('发送验证码').click()
  const code = await demo.smsCode(a.phone)
  await picture(a, 'candidate-identity', a.page.getByLabel('短信验证码'), a.button('验证'))
  await a.page.getByLabel('短信验证码').fill(code)
  await a.button('验证').last().click()
  await a.passChecks({
    between: async (step) => {
      if (step === 'speaker')
        await picture(a, 'candidate-speaker', a.button('可以听见'), a.button('不能听见'))
      if (step === 'microphone')
        await picture(a, 'candidate-microphone', '已检测到您的声音。', a.button('录音 3 秒并回放'))
      if (step === 'camera') await picture(a, 'candidate-camera', '画面正常。', a.button('可以看见'))
    },
  })
  // Whoever closes the page and comes back finds the page before the waiting room.
  await a.page.evaluate(() => sessionStorage.clear())
  await a.reload('waiting')
  await picture(a, 'candidate-ready', '设备检测已完成', a.button('正式进入面谈系统'))
  await a.enter()
}

/** Who could go by SMS has themselves looked at first, as if no message came. */
async function isLookedAt(b, host) {
  await b.page.getByRole('radio', { name: '人工核验' }).click()
  await alive(b)
  await b.button('请工作人员核验').click()
  await button(host, /^查看 王芳/).click()
  await host.page.locator('[data-showing]').waitFor()
  await picture(b, 'candidate-phone-look', b.page.locator('[data-watched="true"]'))
  await picture(host, 'host-look', button(host, '确认是本人'))
  await b.page.getByRole('radio', { name: '短信验证' }).click()
}

async function walksOnPhone(b, host) {
  await b.invited()
  await b.at('password')
  await picture(b, 'candidate-phone-password', b.page.getByLabel('面谈密码', { exact: true }))
  await b.passPassword()
  await b.at('identity')
  await isLookedAt(b, host)
  await b.passIdentity()
  await b.passChecks()
  await alive(b)
  await picture(b, 'candidate-phone-waiting', /您前面还有|下一位就是您/)
}

/** The phone of the first candidate becomes the second camera, through the QR code on the waiting page. */
async function pairsPhone(a) {
  await a.button('显示二维码').click()
  const code = a.page.locator('[data-link]')
  const card = a.page.locator('[data-second-camera]')
  await card.scrollIntoViewIfNeeded()
  await code.waitFor()
  await cutting(a, 'candidate-second-camera', card)
  // It lies on its side, as its page advises.
  const phone = await browser.page({
    name: 'phone',
    portrait: BACK,
    ...PHONE,
    viewport: { width: 844, height: 390 },
  })
  await phone.page.goto(await code.getAttribute('data-link'))
  await phone.page.locator('[data-status="ready"]').waitFor()
  await alive(phone)
  await a.page.locator('[data-second-camera="online"]').waitFor()
  return phone
}

/** The candidate shares the screen, because the host has asked for it. */
async function sharesScreen(host, a, examiner) {
  await host.page.getByRole('button', { name: '邀请共享屏幕' }).click()
  await picture(a, 'candidate-share', '工作人员邀请您共享屏幕', button(a, '共享屏幕'))
  const slides = await a.page.context().newPage()
  await slides.setContent(SLIDE)
  await a.page.bringToFront()
  await a.page.getByRole('button', { name: '共享屏幕', exact: true }).click()
  const look = () => examiner.source(a, 'screen')
  await until('the examiner sees the screen', async () => (await look())?.frames > 2, {
    look,
    patience: 25_000,
  })
  await picture(examiner, 'examiner-screen', '第二机位')
  await host.page.getByRole('button', { name: '结束屏幕共享' }).click()
  await slides.close()
}

/** The administrator's pages, while the candidates wait. */
async function administers() {
  const admin = await browser.page({ name: 'administrator', ...DESK })
  const { page } = admin
  await page.goto(`${demo.server.url}/signin?next=/admin`)
  await page.getByLabel('账号').fill(demo.administrator[0])
  await page.getByLabel('密码', { exact: true }).fill(demo.administrator[1])
  await picture(admin, 'staff-signin', heading(admin, '工作人员登录'))
  await button(admin, '登录').click()
  await picture(admin, 'admin-interviews', '2027 年硕士研究生复试（演示）', button(admin, '新建面谈'))
  await page.getByText('2027 年硕士研究生复试（演示）').click()
  await picture(admin, 'admin-interview', heading(admin, '名称与时间'))
  await page.getByRole('link', { name: '考官与工作人员' }).click()
  await picture(admin, 'admin-panel', '孙老师', heading(admin, '安排座位'))
  await page.getByRole('link', { name: /^考生/ }).click()
  await picture(admin, 'admin-candidates', '2027001', '2027002')
  await button(admin, '导入名单').click()
  const list = { name: '考生名单.csv', mimeType: 'text/csv', buffer: Buffer.from(LIST) }
  await dialog(admin, '导入考生名单').locator('input[type=file]').first().setInputFiles(list)
  await picture(admin, 'admin-import', /发现 \d+ 处问题/, dialog(admin, '导入考生名单'))
  await page.getByRole('button', { name: '关闭' }).first().click()
  await page.getByRole('link', { name: '抽签' }).click()
  await button(admin, '生成承诺').click()
  await picture(admin, 'admin-draws', '已承诺，待抽签')
  await page.goto(`${demo.server.url}/admin/outbox`)
  await picture(admin, 'admin-outbox', '实时更新', /\d{6}/)
  await page.goto(`${demo.server.url}/admin/people`)
  await page.getByLabel('考号', { exact: true }).fill('2027001')
  await button(admin, '查找').click()
  await picture(
    admin,
    'admin-people',
    page.getByRole('link', { name: '导出资料' }),
    button(admin, '删除资料'),
  )
  await page.goto(`${demo.server.url}/admin/settings`)
  await picture(admin, 'admin-settings', heading(admin, '主办单位'))
  assert.deepEqual(faults(admin), [])
  await admin.close()
}

async function testsConnection() {
  const anyone = await browser.page({ name: 'anyone', portrait: FACES.a, ...DESK })
  await anyone.page.goto(`${demo.server.url}/connection-test`)
  await button(anyone, '开始测试').click()
  await button(anyone, '复制报告').waitFor({ timeout: 45_000 })
  await picture(anyone, 'connection-test', /可以参加面谈|可以参加，但有需要改善之处/)
  await anyone.close()
}

test('the demo interview, from the code to the farewell', async () => {
  const host = await staff(demo.host, 'host', LOOKS[0], FACES.host)
  const first = await staff(demo.examiners[0], 'examiner 1', LOOKS[1], FACES.first)
  const second = await staff(demo.examiners[1], 'examiner 2', LOOKS[3], FACES.second)
  const candidate = async (index, phone, password, page) =>
    new Candidate(await browser.page({ name: `candidate ${index + 1}`, ...page }), {
      invitation: demo.invitations[index],
      phone,
      password,
      demo,
    })
  const a = await candidate(0, '13800138001', null, { look: LOOKS[2], portrait: FACES.a, ...DESK })
  await walksOnDesktop(a)
  const b = await candidate(1, '13800138002', demo.password, { look: LOOKS[3], portrait: FACES.b, ...PHONE })
  await walksOnPhone(b, host)
  await alive(a)
  await picture(a, 'candidate-waiting', '下一位就是您')
  const phone = await pairsPhone(a)
  await administers()

  // Waiting: the host's queue, and what is known of one candidate.
  await button(host, /^查看 李华/).click()
  await alive(host)
  await picture(
    host,
    'host-queue',
    button(host, /^叫入下一位/),
    host.page.getByRole('region', { name: '李华' }),
  )
  await button(host, /^叫入下一位/).click()
  await stage(host, '宣讲')
  await stage(host, '面谈')

  // Interview: the room from all sides.
  await sees(a, host, first, second)
  await picture(a, 'candidate-room', a.page.getByRole('textbox', { name: '消息内容' }))
  await picture(phone, 'phone-second-camera', phone.page.locator('[data-status="seen"]'))
  await fill(first, { 专业知识: '88', 综合素质: '90', 外语能力: '85' })
  await sees(first, a, host, second)
  await picture(first, 'examiner-room', '已自动保存', button(first, '提交评分'))
  await button(first, '提交评分').click()
  await cutting(first, 'examiner-submit', dialog(first, '提交对 李华 的评分？'))
  await dialog(first, '提交对 李华 的评分？').getByRole('button', { name: '提交评分' }).click()
  await first.page.getByText(/已于 .* 提交/).waitFor()
  await sharesScreen(host, a, first)
  await fill(second, { 专业知识: '84', 综合素质: '86', 外语能力: '90' })
  await submit(second)

  // One room fills the wall: in a smaller window the picture is a smaller file.
  const patrol = await browser.page({ name: 'patrol', ...DESK, viewport: { width: 900, height: 700 } })
  await patrol.page.goto(demo.patrol)
  await alive(patrol)
  await picture(patrol, 'patrol-wall', heading(patrol, '巡考墙'), '面谈')
  await patrol.close()

  // The last scores come in while the panel deliberates.
  await button(host, /^下一阶段\s*评议/).click()
  await cutting(host, 'host-stage', dialog(host, '进入“评议”？'))
  await dialog(host, '进入“评议”？').getByRole('button', { name: '断开并进入' }).click()
  const third = await staff(demo.examiners[2], 'examiner 3', LOOKS[0], FACES.third)
  await fill(third, { 专业知识: '90', 综合素质: '85', 外语能力: '87' })
  await submit(third)
  await first.page.getByText('其他考官的评分').waitFor()

  // Announcement and confirmation.
  await stage(host, '公布')
  await host.page.getByRole('tab', { name: '评分成绩' }).click()
  await button(host, '成绩总表').click()
  await picture(host, 'host-results', host.page.getByRole('table'))
  await host.page.keyboard.press('Escape')
  await button(host, '公布成绩').first().click()
  const publish = dialog(host, '向 李华 公布成绩')
  await publish.getByText('拟录取', { exact: true }).click()
  await picture(host, 'host-publish', publish, /3 位考官的平均分为/)
  await publish.getByRole('button', { name: '公布成绩' }).click()
  await stage(host, '成绩确认')
  await sees(a, host, first, second, third)
  await picture(a, 'candidate-confirmation', a.button('确认面谈结果'), '拟录取')
  await a.button('确认面谈结果').first().click()
  await dialog(a, '确认面谈结果？').getByRole('button', { name: '确认面谈结果' }).click()
  await a.page.getByText(/您已于 .* 确认面谈结果/).waitFor()
  await sees(host, a)
  await picture(host, 'host-confirmations', /考生已于 .* 确认/)

  await stage(host, '结束', '结束面谈')
  await picture(a, 'candidate-end', '面谈已结束')
  for (const person of [host, first, second, third, a, b, phone]) assert.deepEqual(faults(person), [])
  for (const person of [host, first, second, third, a, b, phone]) await person.close()
  await testsConnection()
})
