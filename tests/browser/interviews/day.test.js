// A whole day: one host leads thirty candidates, with a break, one who is offline, one deferred, one removed and admitted again, and a
// host who vanishes; results are published together. What the host has to press for each is counted, and told at the end.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Candidate } from '../harness/candidate.js'
import { Demo } from '../harness/demo.js'
import { DrivenCandidate, DrivenStaff } from '../harness/driven.js'
import { LOOKS } from '../harness/person.js'
import { Staff } from '../harness/staff.js'
import { Tally } from '../harness/tally.js'
import { until } from '../harness/until.js'

/** Frames a second: most of it is read. */
const FPS = 2
/** The least that a host's room is used at. */
const SCREEN = { width: 1280, height: 720 }
const PASSWORD = 'a whole day of interviews'
/** From one call to the next, publishing aside. */
const MOST_CLICKS = 4
/** How many enter at once. */
const ABREAST = 7

const NAMES = (
  '李华 王芳 张敏 刘洋 陈静 杨帆 赵磊 黄婷 周杰 吴倩 徐明 孙悦 胡军 朱琳 高翔 ' +
  '林枫 何雪 郭涛 马超 罗兰 梁宇 宋佳 郑凯 谢宁 韩冰 唐果 冯远 于洁 董浩 萧然'
).split(' ')
const [FIRST, AWAY, LATER, OUT] = [NAMES[0], NAMES[2], NAMES[4], NAMES[7]]
/** The last before the break, and who is before the panel when the host vanishes. */
const [PAUSE, ALONE] = [NAMES[9], NAMES[13]]
/** How it goes on: each as they are called. */
const MORNING = [NAMES[1], NAMES[3], NAMES[5], NAMES[6], OUT, NAMES[8], PAUSE]
const NOON = [AWAY, ...NAMES.slice(10, 13), ALONE]
const HELM = NAMES[14]
const AFTERNOON = [...NAMES.slice(15), LATER]

let demo, browser, id
/** Seats by name, then who sits in them. */
const seats = {}
const candidates = {}
let host, chair, examiners
const tally = new Tally()

before(async () => {
  demo = await Demo.start()
  browser = await Chromium.start()
  await prepare()
})
after(async () => {
  console.log(tally.table())
  await browser?.close()
  await demo?.stop()
})

/** The interview as an office makes it: its setup, the list of candidates, the panel with its accounts. */
async function prepare() {
  const stage = (name, kind, minutes = null) => ({ name, kind, minutes })
  const criterion = (key, name, weight) => ({ id: key, name, weight, min: 0, max: 10_000 })
  const setup = {
    name: '2027 年硕士研究生复试 · 第 3 考场',
    opens_at: Date.now() - 3_600_000,
    closes_at: Date.now() + 8 * 3_600_000,
    stages: [
      stage('候考', 'waiting'),
      stage('宣讲', 'briefing', 5),
      stage('面谈', 'interview', 15),
      stage('评议', 'deliberation', 5),
      stage('成绩确认', 'confirmation'),
      stage('结束', 'end'),
    ],
    criteria: [
      criterion('knowledge', '专业知识', 50),
      criterion('thinking', '综合素质', 30),
      criterion('language', '外语能力', 20),
    ],
    lets_go: 'finished',
  }
  id = (await demo.post('/api/admin/interviews', setup)).id
  const rows = NAMES.map((name, index) => [name, 2027001 + index, phone(index), ''].join(','))
  const list = new FormData()
  list.set('file', new Blob([`姓名,考号,手机,密码\n${rows.join('\n')}\n`]), 'list.csv')
  await demo.upload(`/api/admin/interviews/${id}/candidates/import`, list)
  for (const one of await demo.get(`/api/admin/interviews/${id}/candidates`)) seats[one.name] = one
  for (const [account, name, role] of [
    ['sun', '孙老师', 'host'],
    ['chen', '陈主考', 'examiner'],
    ['qian', '钱考官', 'examiner'],
    ['zhou', '周考官', 'examiner'],
  ]) {
    await demo.post('/api/admin/accounts', { account, name, password: PASSWORD, administrator: false })
    const { seat } = await demo.post(`/api/admin/interviews/${id}/staff`, { account, name, role })
    seats[account] = { name, account, password: PASSWORD, seat, role }
  }
  await demo.put(`/api/admin/interviews/${id}/staff/${seats.chen.seat}/chair`, { chair: true })
}

const phone = (index) => String(13900000001 + index)

/** One of the panel at a page. */
async function sits(account, look, { counted = false, ...context } = {}) {
  const { role, seat } = seats[account]
  const who = { name: account, look, fps: FPS, ...context }
  const staff = await Staff.signedIn(browser, demo.server, seats[account], who)
  if (counted) await tally.watch(staff.page)
  await staff.page.goto(`${demo.server.url}/${role}/${seat}?auto`)
  await staff.entered()
  return staff
}

const hostSits = () => sits('sun', LOOKS[0], { counted: true, viewport: SCREEN })

/** The host and the chair at pages, two more examiners without. */
async function panelSits() {
  host = await hostSits()
  chair = await sits('chen', LOOKS[1])
  const others = ['qian', 'zhou'].map((account) => DrivenStaff.sit(demo.server, seats[account]))
  examiners = await Promise.all(others)
}

/** A candidate at a page, who may walk it or be there at once. */
async function paged(name, look) {
  const { code } = seats[name]
  const invitation = { url: `${demo.server.url}/i#${code}`, code }
  const person = await browser.page({ name, look, fps: FPS })
  const candidate = new Candidate(person, { invitation, phone: phone(NAMES.indexOf(name)), demo })
  candidate.name = name
  candidates[name] = candidate
  return candidate
}

/** All the others, some at a time. */
async function driven(names) {
  for (let from = 0; from < names.length; from += ABREAST)
    await Promise.all(
      names.slice(from, from + ABREAST).map((name) => {
        const { code } = seats[name]
        candidates[name] = new DrivenCandidate(demo, { name, code, phone: phone(NAMES.indexOf(name)) })
        return candidates[name].arrives()
      }),
    )
}

const group = (staff, name) => staff.page.locator(`[data-group="${name}"]`)
const isCurrent = (staff, name) => group(staff, 'current').getByText(name).first().waitFor()
const next = (staff) => staff.page.locator('[data-call-next]')

/** The one button, when it calls this one; `past` are those whom it passes by. */
async function says(staff, name, past = 0) {
  const text = past === 0 ? `叫入下一位：${name}` : `叫入下一位：${name}（跳过 ${past} 位离线）`
  await until(`the button calls ${name}`, async () => (await next(staff).innerText()).trim().endsWith(text), {
    look: () => next(staff).innerText(),
    patience: 30_000,
  })
}

/** Calls who is next, and so finishes whoever was before the panel. */
async function calls(staff, name, { past = 0, keys = false, plain = true } = {}) {
  await says(staff, name, past)
  tally.begins(name, { by: keys ? '键盘' : '鼠标', plain })
  await tally.times(async () => {
    if (keys) {
      await staff.page.keyboard.press('n')
      await staff.question.locator('button:focus', { hasText: name }).waitFor()
      await staff.page.keyboard.press('Enter')
    } else await next(staff).click()
    await isCurrent(staff, name)
  })
}

/** By keys alone: a number and Enter for each criterion, Enter asks, Enter there hands in. */
async function scores(examiner, points) {
  const { keyboard, page } = { keyboard: examiner.page.keyboard, page: examiner.page }
  await page.getByLabel('专业知识', { exact: true }).focus()
  for (let criterion = 0; criterion < 3; criterion += 1) {
    await keyboard.type(points)
    await keyboard.press('Enter')
  }
  await examiner.question.locator('button:focus', { hasText: '提交评分' }).waitFor()
  await keyboard.press('Enter')
  await page.getByText(/已于 .* 提交/).waitFor()
}

/** The panel is alone, and hands in what it has meanwhile scored; the leader's page knows of all sheets. */
async function deliberates(leader, name) {
  const points = 60 + NAMES.indexOf(name)
  const { seat } = seats[name]
  const parted = tally.times(() => leader.stage('评议', '断开并进入'))
  // Who leads and scores has one pair of hands.
  if (leader === chair) await parted
  await Promise.all([
    parted,
    scores(chair, String(points)),
    ...examiners.map((examiner, index) => examiner.scores(seat, (points + index) * 100)),
  ])
  const card = leader.page.locator(`[data-scores="${seat}"]`)
  const all = '3/3 位考官已提交'
  await until(`all sheets of ${name} are in`, async () => (await card.textContent()).includes(all))
}

/** How far the day is: each part begins where the one before has ended. */
let reached = 'the doors'
function begins(before) {
  assert.equal(reached, before, 'the part before has failed')
  reached = 'a part that has failed'
}

test('thirty arrive, and the first is interviewed', async () => {
  begins('the doors')
  const [first, later] = [await paged(FIRST, LOOKS[2]), await paged(LATER, LOOKS[3])]
  const others = NAMES.filter((name) => name !== FIRST && name !== LATER)
  await Promise.all([panelSits(), first.walk(), later.arrives(), driven(others)])
  await group(host, 'waiting').getByRole('heading', { name: '30' }).waitFor()

  // One loses the connection and keeps the place, one is put behind the others.
  await candidates[AWAY].drops()
  const card = await host.choose(LATER)
  await card.getByRole('button', { name: '顺延' }).click()
  await later.reads('您的面谈已延后')

  // The briefing is for all; then each is called alone.
  await host.stage('宣讲')
  await first.at('room')
  await candidates[OUT].knows('the briefing', ({ stage }) => stage === 1)
  await host.stage('面谈')
  await calls(host, FIRST)
  await chair.meets(first)
  await first.meets(chair)
  await deliberates(host, FIRST)
  const { marks } = candidates[OUT].view
  assert.deepEqual(marks.slice(0, 4), ['now', 'done', 'next', 'ahead'], 'who waits sees nothing of that')
  reached = 'the first call'
})

test('in the morning one is passed by, one is removed and admitted again, then there is a break', async () => {
  begins('the first call')
  for (const name of MORNING) {
    await calls(host, name, { past: name === NAMES[1] ? 0 : 1, plain: name !== OUT && name !== PAUSE })
    if (name === NAMES[1])
      await candidates[FIRST].page.getByRole('heading', { name: '您可以离开了' }).waitFor()
    if (name === OUT) await removedAndAdmitted()
    await deliberates(host, name)
  }

  // The break: nobody is before the panel, all wait, and who was away comes back.
  const card = await host.choose(PAUSE)
  await card.getByRole('button', { name: '结束该考生' }).click()
  await host.question.getByRole('button', { name: '结束该考生' }).click()
  await host.stage('候考')
  await chair.page.getByText('候考').first().waitFor()
  await candidates[AWAY].sits()
  await says(host, AWAY)
  // What all have heard stays done for everybody, and the way on is the interview.
  const { marks } = await candidates[AWAY].knows('the break', ({ stage }) => stage === 0)
  assert.deepEqual(marks.slice(0, 3), ['now', 'done', 'ahead'])
  for (const one of [host, chair])
    await one.page.locator('li[data-mark="done"]', { hasText: '宣讲' }).first().waitFor()
  await host.page.locator('[data-next-stage]', { hasText: '面谈' }).click()
  reached = 'the break'
})

/** The current one is put out with a reason, let in again, and is the next one: the place is kept. */
async function removedAndAdmitted() {
  const card = await host.choose(OUT)
  await card.getByRole('button', { name: '请出' }).click()
  await host.question.getByRole('textbox').fill('身份存疑，需要核对')
  await host.question.getByRole('button', { name: '请出' }).click()
  await until('the candidate is told', async () => candidates[OUT].closed === 'removed')
  await (await host.choose(OUT)).getByRole('button', { name: '重新准入' }).click()
  await until('the seat is open again', async () => (await candidates[OUT].looks()).step === 'waiting')
  await candidates[OUT].sits()
  await says(host, OUT, 1)
  await next(host).click()
  await isCurrent(host, OUT)
}

test('the host vanishes: an examiner who is a chair leads, and gives the helm back', async () => {
  begins('the break')
  for (const name of NOON) {
    await calls(host, name, { plain: name !== ALONE })
    if (name !== ALONE) await deliberates(host, name)
  }
  await host.close()
  const helm = chair.page.locator('[data-helm]')
  await helm.getByText('工作人员都不在线，暂时没有人主持。').waitFor({ timeout: 30_000 })
  await candidates[LATER].reads('工作人员暂时不在线')
  await helm.getByRole('button', { name: '接管主持' }).click()
  await helm.getByText('您正在代为主持').waitFor()
  await chair.tab('评分表')
  await deliberates(chair, ALONE)
  await calls(chair, HELM, { plain: false })
  await chair.tab('评分表')

  // The host is back, sees who leads, and is given the helm.
  host = await hostSits()
  await host.page.locator('[data-helm]').getByText('陈主考 正在代为主持。').waitFor()
  await helm.getByRole('button', { name: '交还主持' }).click()
  await host.page.locator('[data-helm]').waitFor({ state: 'detached' })
  await deliberates(host, HELM)
  reached = 'noon'
})

test('in the afternoon the host leads by keys, to the last, who was deferred', async () => {
  begins('noon')
  for (const name of AFTERNOON) {
    await calls(host, name, { keys: true })
    if (name === LATER) await candidates[LATER].at('room')
    await deliberates(host, name)
  }
  await host.button(`结束 ${LATER} 的面谈`).click()
  await candidates[LATER].page.getByRole('heading', { name: '您可以离开了' }).waitFor()
  await group(host, 'done').getByRole('heading', { name: '30' }).waitFor()
  assert.ok(
    tally.most('clicks') <= MOST_CLICKS,
    `at most ${MOST_CLICKS} clicks a candidate: ${tally.table()}`,
  )
  reached = 'the last call'
})

/** In the table: one outcome for all by keys, another one in its row, the means by a button, then all together. */
async function publishesAll() {
  await host.button('成绩总表').click()
  const table = host.page.getByRole('dialog').getByRole('table')
  await table.getByLabel('选择全部可填写的考生').check()
  await host.page.getByLabel('所选考生的结论').fill('拟录取')
  await host.page.keyboard.press('Enter')
  await host.page.getByText('已为 30 名考生填写结论').waitFor()
  await table.getByLabel(`${LATER} 的结论`).fill('候补')
  await host.page.keyboard.press('Enter')
  const ready = table.getByText('可公布', { exact: true })
  await until('all drafts are kept', async () => (await ready.count()) === 30)
  await host.button('填入平均分').click()
  await host.page.getByText('已为 30 名考生填入平均分').waitFor()
  assert.equal((await candidates[OUT].looks()).result, null, 'a draft is told to nobody')
  await host.button('公布所选 30 名').click()
  for (const text of ['拟录取：29 名', '候补：1 名']) await host.question.getByText(text).waitFor()
  await host.question.getByRole('button', { name: '公布所选 30 名' }).click()
  await host.page.getByText('已公布 30 名考生的成绩').waitFor()
  await host.button('关闭').click()
}

test('results are drafted, published together, one is withdrawn, the others are confirmed', async () => {
  begins('the last call')
  const [first, later] = [candidates[FIRST], candidates[LATER]]
  tally.begins('全部成绩', { by: '总表', plain: false })
  const panel = await host.tab('评分成绩')
  await tally.times(publishesAll)
  await first.reads('拟录取')
  await later.reads('候补')

  // One is taken back, and cannot be confirmed.
  const card = panel.locator('[data-scores]').filter({ hasText: FIRST })
  await card.getByRole('button', { name: '撤回成绩' }).click()
  await host.question.getByLabel('撤回理由').fill('分数有误')
  await host.question.getByRole('button', { name: '撤回成绩' }).click()
  await first.reads('成绩已撤回')
  assert.equal(await first.button('确认面谈结果').count(), 0)

  // All others confirm: at a page, and without one.
  await later.button('确认面谈结果').first().click()
  await later.page.getByRole('alertdialog').getByRole('button', { name: '确认面谈结果' }).click()
  await later.reads(/您已于 .* 确认面谈结果/)
  const others = NAMES.filter((name) => name !== FIRST && name !== LATER).map((name) => candidates[name])
  await Promise.all(others.map((other) => other.confirms()))
  await panel.getByText('29/29').waitFor()
  for (const person of [host, chair, first, later]) await person.close()
  reached = 'the end'
})
