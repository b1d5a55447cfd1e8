// Papers and slides in real pages: a candidate uploads them, the panel reads what is really drawn, and sees the page to which
// the candidate turns.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Candidate } from '../harness/candidate.js'
import { Demo } from '../harness/demo.js'
import { pdf } from '../harness/pdf.js'
import { LOOKS } from '../harness/person.js'
import { Staff } from '../harness/staff.js'
import { until } from '../harness/until.js'

const RED = { colour: [1, 0, 0], text: '研究经历' }
const BLUE = { colour: [0, 0, 1], text: '项目成果' }
const PHONE = { width: 360, height: 740 }

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** What stands on a canvas: the colour of its lower half, and how many dark points its upper half has. */
const drawn = (canvas) =>
  canvas.evaluate((element) => {
    const { width, height } = element
    if (width === 0) return null
    const context = element.getContext('2d')
    const [red, green, blue] = context.getImageData(width / 2, height * 0.75, 1, 1).data
    const above = context.getImageData(0, 0, width, Math.floor(height / 2)).data
    let dark = 0
    for (let at = 0; at < above.length; at += 4) if (above[at] < 90 && above[at + 3] > 200) dark++
    return { colour: [red, green, blue], dark }
  })

async function shows(canvas, [red, green, blue], text = true) {
  await until('the page is drawn', async () => {
    const found = await drawn(canvas)
    return found && found.colour.join() === [red, green, blue].join() && (!text || found.dark > 50)
  })
}

/** Where the office finds the papers of the candidate with this number. */
async function papersOf(number) {
  const [interview] = await demo.get('/api/admin/interviews')
  const path = `/api/admin/interviews/${interview.id}/candidates`
  const { seat } = (await demo.get(path)).find((candidate) => candidate.number === number)
  return `${path}/${seat}/papers`
}

test('a candidate uploads papers, the examiner reads them, and sees the slides turn', async () => {
  // The office takes away what it has put there: here the candidate's own papers are looked at.
  const kept = await papersOf('2027001')
  for (const paper of await demo.get(kept)) await demo.remove(`${kept}/${paper.number}`)
  const host = await Staff.sit(browser, demo.host, {
    name: 'host',
    look: LOOKS[0],
    fps: 2,
  })
  const examiner = await Staff.sit(browser, demo.examiners[0], {
    name: 'examiner',
    look: LOOKS[1],
    fps: 2,
  })
  const page = await browser.page({
    name: '李华',
    look: LOOKS[2],
    fps: 2,
    viewport: PHONE,
  })
  const one = Candidate.of(demo, 0, page)
  await one.arrives()

  const card = one.page.locator('[data-papers]')
  const field = card.locator('input[type=file]')
  await card.getByLabel(/作为幻灯片/).check()
  await field.setInputFiles({
    name: '答辩.pdf',
    mimeType: 'application/pdf',
    buffer: pdf([RED, BLUE]),
  })
  await card.getByText('答辩.pdf').waitFor()
  await card.getByText('幻灯片', { exact: false }).first().waitFor()
  await field.setInputFiles({
    name: '坏.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.4 nothing more'),
  })
  await card.getByText('坏.pdf').waitFor()
  // Its name stands there while it goes up; who is called in uploads nothing more.
  await until('both are kept', async () => (await demo.get(kept)).length === 2)

  // Chinese text without a font in the file is there, not blank.
  await host.button('叫入下一位：李华').click()
  const papers = await examiner.tab('材料')
  await shows(papers.locator('[data-page="1"] canvas'), [255, 0, 0])
  await papers.getByRole('combobox').selectOption({ label: '坏.pdf' })
  await papers.getByText('文件无法读取，可能已损坏').waitFor()

  await host.stage('宣讲')
  await host.stage('面谈')
  await examiner.button('请考生展示幻灯片').click()
  const [deck, stage] = [one.page.locator('[data-slides]'), examiner.page.locator('[data-slides]')]
  await shows(deck.locator('canvas'), [255, 0, 0])
  await shows(stage.locator('canvas'), [255, 0, 0])
  await one.button('下一页').click()
  await shows(stage.locator('canvas'), [0, 0, 255])
  await stage.locator('[data-page="2"]').waitFor()
  // Who comes late, or loads the page anew, sees the page that is open.
  await one.page.reload()
  await shows(deck.locator('canvas'), [0, 0, 255])
  await deck.locator('canvas').click({ position: { x: 20, y: 20 } })
  await shows(stage.locator('canvas'), [255, 0, 0])
  const width = await one.page.evaluate(() => document.documentElement.scrollWidth)
  assert.ok(width <= PHONE.width, `${width} pixels on a phone`)
  await host.choose('李华').then((region) => region.getByRole('button', { name: '结束展示幻灯片' }).click())
  await until('the slides are gone', async () => (await deck.count()) + (await stage.count()) === 0)
  for (const person of [host, examiner, one]) {
    assert.deepEqual(person.complaints, [], `${person.name} has nothing to complain of`)
    await person.close()
  }
})
