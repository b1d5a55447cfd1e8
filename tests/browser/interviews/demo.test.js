// The day that `make run` opens, as somebody tries it: a host's queue with the times of twelve, papers that are really drawn, questions
// to put, invitations that were sent, a chair who can take the helm.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Candidate } from '../harness/candidate.js'
import { Demo } from '../harness/demo.js'
import { LOOKS } from '../harness/person.js'
import { Staff } from '../harness/staff.js'
import { until } from '../harness/until.js'

/** Frames a second: what counts here is read. */
const FPS = 2
/** In a page of text there are so many dark points at least, and so many columns with some: a blank page or one line has less. */
const [DARK, COLUMNS] = [600, 150]

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** A picture for who wants to look, in the folder that VIVA_SHOTS names. */
async function shot(person, name) {
  const folder = process.env.VIVA_SHOTS
  if (folder) await person.page.screenshot({ path: `${folder}/${name}.png` })
}

/** What is written on a canvas: how many dark points there are, and in how many columns. */
const written = (canvas) =>
  canvas.evaluate((element) => {
    const { width, height } = element
    if (width === 0) return { dark: 0, columns: 0 }
    const { data } = element.getContext('2d').getImageData(0, 0, width, height)
    const columns = new Set()
    let dark = 0
    for (let at = 0; at < data.length; at += 4)
      if (data[at] < 110 && data[at + 3] > 200) {
        dark++
        columns.add((at / 4) % width)
      }
    return { dark, columns: columns.size }
  })

const isWritten = (canvas, what) =>
  until(
    `${what} is written`,
    async () => {
      const { dark, columns } = await written(canvas)
      return dark > DARK && columns > COLUMNS
    },
    { look: () => written(canvas) },
  )

test('the queue of the host has twelve with their times, in the order of the day', async () => {
  const host = await Staff.sit(browser, demo.host, {
    name: 'host',
    look: LOOKS[0],
    fps: FPS,
  })
  const rows = host.page.locator('[data-candidate]')
  await until('all twelve are there', async () => (await rows.count()) === 12)
  const [interview] = await demo.get('/api/admin/interviews')
  const candidates = await demo.get(`/api/admin/interviews/${interview.id}/candidates`)
  const clock = new Intl.DateTimeFormat('zh-CN', {
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'Asia/Shanghai',
  })
  for (const { name, starts_at } of candidates) {
    const row = rows.filter({ hasText: name })
    assert.ok((await row.locator('[data-planned]').innerText()).includes(clock.format(starts_at)), name)
  }
  const shown = await host.page
    .locator('[data-candidate]')
    .evaluateAll((all) => all.map((row) => row.innerText))
  const places = candidates.map(({ number }) => shown.findIndex((text) => text.includes(number)))
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
    'in the order of their times',
  )
  await shot(host, 'demo-queue')

  const sent = await demo.get('/api/admin/outbox')
  for (const { name, code } of candidates) {
    const { text } = sent.find((message) => message.text.includes(code))
    assert.match(text, new RegExp(`^【示例大学】${name}.*\\d{2}:\\d{2}（北京时间.*400-000-0000（.+）`))
  }
  await host.close()

  // On paper too each has the own time.
  const [account, password] = demo.administrator
  const office = await Staff.signedIn(browser, demo.server, { account, password }, { look: LOOKS[0] })
  await office.page.goto(`${demo.server.url}/admin/interviews/${interview.id}/sheet`)
  for (const { name, starts_at } of candidates) {
    const card = office.page.getByRole('article').filter({ hasText: name })
    assert.match(await card.innerText(), new RegExp(`面谈时间：.*${clock.format(starts_at)} 北京时间`))
  }
  await office.close()
})

test('an examiner reads what a candidate has handed in, sees the slides turn, and has questions to ask', async () => {
  const host = await Staff.sit(browser, demo.host, {
    name: 'host',
    look: LOOKS[0],
    fps: FPS,
  })
  const examiner = await Staff.sit(browser, demo.examiners[1], {
    name: 'examiner',
    look: LOOKS[1],
    fps: FPS,
  })
  const a = Candidate.of(demo, 0, await browser.page({ look: LOOKS[2], fps: FPS }))
  await a.arrives()
  await host.button('叫入下一位：李华').click()
  const papers = await examiner.tab('材料')
  const choice = papers.getByRole('combobox')
  const names = await choice.getByRole('option').allInnerTexts()
  const choose = (word) => choice.selectOption({ label: names.find((name) => name.includes(word)) })
  assert.equal(names.length, 3, names.join())
  await isWritten(papers.locator('[data-page="1"] canvas'), 'the CV')
  await shot(examiner, 'demo-cv')
  await choose('研究汇报')
  await isWritten(papers.locator('[data-page="1"] canvas'), 'the first of the slides')
  await choose('实验曲线')
  const picture = papers.getByRole('img')
  await until('the picture is there', () => picture.evaluate((image) => image.naturalWidth === 640))
  await shot(examiner, 'demo-picture')

  await host.stage('宣讲')
  await host.stage('面谈')
  // While the candidate's own page still fetches them, nothing turns them by mistake.
  let fetched
  const held = new Promise((resolve) => (fetched = resolve))
  await a.page.route('**/papers/**', async (route) => {
    await held
    await route.continue()
  })
  await examiner.button('请考生展示幻灯片').click()
  await a.button('下一页').waitFor()
  assert.ok(await a.button('下一页').isDisabled())
  fetched()
  const stage = examiner.page.locator('[data-slides]')
  await isWritten(stage.locator('canvas'), 'the slide before the panel')
  await a.button('下一页').click()
  await stage.locator('[data-page="2"]').waitFor()
  await isWritten(stage.locator('canvas'), 'the second slide')
  await shot(examiner, 'demo-slides')

  const asked = await examiner.tab('题目')
  const sets = await asked.getByRole('combobox').getByRole('option').allInnerTexts()
  assert.deepEqual(sets.slice(-3), ['A 组', 'B 组', 'C 组'])
  await shot(examiner, 'demo-questions')
  for (const person of [host, examiner, a]) {
    assert.deepEqual(person.complaints, [], `${person.name} has nothing to complain of`)
    await person.close()
  }
})

test('when the host goes, the first examiner may take the helm', async () => {
  const chair = await Staff.sit(browser, demo.examiners[0], {
    name: 'chair',
    look: LOOKS[1],
    fps: FPS,
  })
  const helm = chair.page.locator('[data-helm]')
  await helm.getByRole('button', { name: '接管主持' }).click({ timeout: 60_000 })
  await helm.getByText('您正在代为主持').waitFor()
  const other = await Staff.sit(browser, demo.examiners[1], {
    name: 'other',
    look: LOOKS[3],
    fps: FPS,
  })
  await other.page.locator('[data-helm]').getByText('陈伟 正在代为主持。').waitFor()
  assert.equal(await other.button('接管主持').count(), 0)
  for (const person of [chair, other]) await person.close()
})
