// The way of the staff to their seats: signing in, the list of seats, what a seat is before it is taken.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Demo } from '../harness/demo.js'
import { until } from '../harness/until.js'

const DESK = { viewport: { width: 1280, height: 800 }, fps: 6 }
const PASSWORD = 'the seats of a day'
const NAME = '推免复试 · 第 7 考场'

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

test('an account finds its seats on one page, and reads what each is before it enters', async () => {
  const stage = (name, kind) => ({ name, kind, minutes: null })
  const { id } = await demo.post('/api/admin/interviews', {
    name: NAME,
    opens_at: Date.now() + 30 * 60_000,
    closes_at: Date.now() + 4 * 3_600_000,
    stages: [stage('候考', 'waiting'), stage('面谈', 'interview'), stage('结束', 'end')],
    criteria: [],
  })
  await demo.post('/api/admin/accounts', {
    account: 'qian',
    name: '钱老师',
    password: PASSWORD,
    administrator: false,
  })
  const give = (role) =>
    demo.post(`/api/admin/interviews/${id}/staff`, { account: 'qian', name: '钱老师', role })
  const [host, , patrol] = [await give('host'), await give('examiner'), await give('patrol')]

  const person = await browser.page({ name: 'qian', ...DESK })
  const { page } = person
  // An old bookmark leads to the same page, by way of the sign-in.
  await page.goto(`${demo.server.url}/staff`)
  await page.waitForURL(/\/signin\?next=\/seats$/)
  await page.getByLabel('账号', { exact: true }).fill('qian')
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.waitForURL('**/seats')
  await page.getByRole('heading', { name: '我的座位' }).waitFor()
  const interview = page.getByRole('listitem').filter({ hasText: NAME })
  await interview.getByText('即将开始').waitFor()
  assert.deepEqual(
    (await interview.getByRole('link').allInnerTexts()).sort(),
    ['进入工作人员席', '进入考官席'].sort(),
  )
  await page.getByRole('link', { name: /^巡考墙/ }).waitFor()

  // Before entering: which interview, whose seat, when.
  await interview.getByRole('link', { name: '进入工作人员席' }).click()
  await page.getByRole('heading', { name: NAME }).waitFor()
  const note = await page.getByText(/^工作人员席 · /).innerText()
  assert.match(note, /\d+月\d+日.*\d{2}:\d{2}.*\d{2}:\d{2}/)
  await page.getByText('钱老师').waitFor()

  // Under the address of another role the page says whose seat it is, and leads there.
  await page.goto(`${demo.server.url}/examiner/${host.seat}`)
  await page.getByRole('heading', { name: '这是工作人员的座位' }).waitFor()
  await page.getByRole('button', { name: '前往该页面' }).click()
  await page.waitForURL(`**/host/${host.seat}`)
  await page.getByRole('button', { name: '进入房间' }).click()
  await person.entered()
  await page.getByRole('heading', { name: NAME }).waitFor()

  // The one room of the wall is all in sight in a low window, and says why it cannot be watched any more.
  await page.setViewportSize({ width: 1280, height: 420 })
  await page.goto(`${demo.server.url}/patrol`)
  const cell = page.locator(`[data-seat="${patrol.seat}"]`)
  await cell.getByText(NAME).waitFor()
  await until(
    'the cell fits',
    async () => {
      const { y, height } = await cell.boundingBox()
      return height > 84 && y + height <= 420
    },
    { look: () => cell.boundingBox() },
  )
  await demo.remove(`/api/admin/interviews/${id}/staff/${patrol.seat}`)
  await cell.getByText('点击重试').waitFor()
  await cell.getByText('您已被请出房间').waitFor()
  await cell.click()
  await cell.getByText('点击重试').waitFor()
  await person.close()
})
