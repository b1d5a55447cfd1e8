// Pages with very many people in them: five hundred candidates in one interview, sixty interviews at once; what scripts of each page
// take to open it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Demo } from '../harness/demo.js'
import { LOOKS } from '../harness/person.js'
import { Staff } from '../harness/staff.js'

const CANDIDATES = 500
const INTERVIEWS = 60
const PASSWORD = 'sixty rooms at once'
const FPS = 1
/** The least of so many counts: a machine that does something else as well is slower, never faster. */
const ROUNDS = 2
/** In milliseconds. */
const MOST_SCRIPT = 200
/** All that the main thread does, measured by the smallest page in the same run: whatever is quick or slow is so for both. */
const SMALLEST = 'the way in'
const MOST_TIMES = 6
/** The wall opens 36 rooms at once, with a peer connection each. */
const MOST_TIMES_WALL = 30

let demo, browser, id
/** The seats of the account, by role. */
const seats = {}
/** What was measured, page by page, in milliseconds; and all that the smallest page took. */
const rows = []
let smallest

before(async () => {
  demo = await Demo.start()
  browser = await Chromium.start()
  await prepare()
})
after(async () => {
  console.log(
    [
      'page\tscript\tall (ms of the main thread, least of all rounds)',
      ...rows.map((row) => row.join('\t')),
    ].join('\n'),
  )
  await browser?.close()
  await demo?.stop()
})

/** One account with a seat to watch from in every interview, and the panel of the first. */
async function prepare() {
  await demo.post('/api/admin/accounts', {
    account: 'staff',
    name: '工作人员',
    password: PASSWORD,
    administrator: false,
  })
  const sit = (interview, role) =>
    demo.post(`/api/admin/interviews/${interview}/staff`, { account: 'staff', name: '工作人员', role })
  const made = []
  for (let number = 1; number <= INTERVIEWS; number += 1) made.push(await create(number))
  id = made[0]
  for (const interview of made) await sit(interview, 'patrol')
  for (const role of ['host', 'examiner']) seats[role] = (await sit(id, role)).seat
  const list = new FormData()
  const people = Array.from({ length: CANDIDATES }, (_, index) =>
    [`考生${String(index + 1).padStart(3, '0')}`, 2027001 + index, 13900000001 + index, ''].join(','),
  )
  list.set('file', new Blob([`姓名,考号,手机,密码\n${people.join('\n')}\n`]), 'list.csv')
  await demo.upload(`/api/admin/interviews/${id}/candidates/import`, list)
}

async function create(number) {
  const stage = (name, kind) => ({ name, kind, minutes: null })
  const made = await demo.post('/api/admin/interviews', {
    name: `2027 年硕士研究生复试 · 第 ${number} 考场`,
    opens_at: Date.now() - 3_600_000,
    closes_at: Date.now() + 8 * 3_600_000,
    stages: [stage('候考', 'waiting'), stage('面谈', 'interview'), stage('结束', 'end')],
    criteria: [{ id: 'knowledge', name: '专业知识', weight: 100, min: 0, max: 10_000 }],
  })
  return made.id
}

/**
 * Opens a page of somebody's own, waits until it shows what it is for, and tells what that took: milliseconds of the processor in
 * the page's main thread, so that others on the machine count little.
 */
async function opening([account, password], path, shown) {
  const who = { name: path, look: LOOKS[0], fps: FPS }
  const person = await Staff.signedIn(browser, demo.server, { account, password }, who)
  const devtools = await person.page.context().newCDPSession(person.page)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  await person.page.goto(`${demo.server.url}${path}`)
  await shown(person.page)
  await person.page.evaluate(() => new Promise((resolve) => window.requestIdleCallback(resolve)))
  const { metrics } = await devtools.send('Performance.getMetrics')
  await person.close()
  const ms = (metric) => 1000 * metrics.find(({ name }) => name === metric).value
  return { script: ms('ScriptDuration'), all: ms('TaskDuration') }
}

const office = () => demo.administrator
const staff = () => ['staff', PASSWORD]
const first = (page, text) => page.getByText(text).first().waitFor()
/** What each page is for. */
const PAGES = {
  [SMALLEST]: [office, () => '/', (page) => page.getByRole('heading').first().waitFor()],
  interviews: [office, () => '/admin', (page) => first(page, '第 19 考场')],
  candidates: [office, () => `/admin/interviews/${id}/candidates`, (page) => first(page, '考生050')],
  host: [staff, () => `/host/${seats.host}?auto`, (page) => first(page, '考生050')],
  examiner: [
    staff,
    () => `/examiner/${seats.examiner}?auto`,
    (page) => page.getByRole('tab', { name: '评分表' }).waitFor(),
  ],
  seats: [staff, () => '/seats', (page) => first(page, '第 1 考场')],
  patrol: [staff, () => '/patrol', (page) => first(page.locator('[data-index="35"]'), '候考')],
}

for (const [name, [account, path, shown]] of Object.entries(PAGES))
  test(`scripts of a page open it in no time: ${name}`, async () => {
    const rounds = []
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await opening(account(), path(), shown))
    const least = (what) => Math.min(...rounds.map((round) => round[what]))
    rows.push([
      name,
      least('script').toFixed(0),
      least('all').toFixed(0),
      rounds.map(({ all }) => all.toFixed(0)).join(' '),
    ])
    if (name === SMALLEST) smallest = least('all')
    assert.ok(least('script') < MOST_SCRIPT, `${least('script')} ms of scripts`)
    const times = least('all') / smallest
    assert.ok(times < (name === 'patrol' ? MOST_TIMES_WALL : MOST_TIMES), `${times} times the smallest page`)
  })

test('the panel is at hand below five hundred candidates', async () => {
  const who = { name: 'host', look: LOOKS[0], fps: FPS, viewport: { width: 1280, height: 720 } }
  const [account, password] = staff()
  const host = await Staff.signedIn(browser, demo.server, { account, password }, who)
  await host.page.goto(`${demo.server.url}/host/${seats.host}?auto`)
  await first(host.page, '考生050')
  const members = host.page.locator('[data-members]')
  const heading = members.getByRole('button', { name: '考官组' })
  assert.equal(await heading.getAttribute('aria-expanded'), 'false', 'the candidates have the room')
  await heading.getByText('1/2 人在线').waitFor()
  const { y, height } = await heading.boundingBox()
  assert.ok(y + height <= 720, 'it is in sight without scrolling')
  await heading.focus()
  await host.page.keyboard.press('Enter')
  await members.getByRole('listitem').filter({ hasText: '考官' }).waitFor()
  await host.page.reload()
  await host.entered()
  await members.getByRole('listitem').filter({ hasText: '考官' }).waitFor()
  await host.close()
})

test('a patrol reaches every one of sixty rooms', async () => {
  const who = { name: 'patrol', look: LOOKS[0], fps: FPS }
  const [account, password] = staff()
  const person = await Staff.signedIn(browser, demo.server, { account, password }, who)
  await person.page.goto(`${demo.server.url}/patrol`)
  await person.page.getByText('60 个考场').waitFor()
  const room = (index) => person.page.locator(`[data-index="${index}"]`)
  await room(35).getByText('候考').waitFor()
  await room(0).focus()
  await person.page.keyboard.press('PageDown')
  await room(59).getByText('候考').waitFor()
  await person.page.keyboard.press('PageUp')
  for (const index of [0, 35]) await room(index).getByText('候考').waitFor()
  await person.close()
})
