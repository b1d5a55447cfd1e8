// Results as the host prepares them: written as drafts in one table, published together, one taken back, one corrected; and
// nobody is told anything before an interview without a reason.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Candidate } from '../harness/candidate.js'
import { Demo } from '../harness/demo.js'
import { LOOKS } from '../harness/person.js'
import { Staff } from '../harness/staff.js'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** Frames a second: what counts here is read. */
const FPS = 2

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

async function candidate(index, look) {
  const person = Candidate.of(demo, index, await browser.page({ look, fps: FPS }))
  await person.arrives()
  return person
}

/** By keys alone: a number and Enter for each criterion, Enter in the last one asks, Enter there hands in. */
async function score(examiner, points) {
  const { keyboard } = examiner.page
  await examiner.page.getByLabel('专业知识', { exact: true }).focus()
  for (const typed of [points, `${points}。`, points]) {
    await keyboard.type(typed)
    await keyboard.press('Enter')
  }
  await examiner.question.locator('button:focus', { hasText: '提交评分' }).waitFor()
  await keyboard.press('Enter')
  await examiner.page.getByText(/已于 .* 提交/).waitFor()
}

async function grave(page) {
  await page.evaluate(AXE)
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0].html}`)
}

const confirms = async (person) => {
  await person.button('确认面谈结果').first().click()
  await person.page.getByRole('alertdialog').getByRole('button', { name: '确认面谈结果' }).click()
  await person.reads(/您已于 .* 确认面谈结果/)
}

test('results are drafted in a table, published together, withdrawn, corrected', async () => {
  const host = await Staff.sit(browser, demo.host, { name: 'host', look: LOOKS[0], fps: FPS })
  const examiners = []
  for (const link of demo.examiners)
    examiners.push(await Staff.sit(browser, link, { name: 'examiner', look: LOOKS[1], fps: FPS }))
  const [a, b] = [await candidate(0, LOOKS[2]), await candidate(1, LOOKS[3])]
  const scores = await host.tab('评分成绩')
  const card = (name) => scores.locator('[data-scores]').filter({ hasText: name })
  const { question } = host

  // All keys of the page, where no text is being written.
  await host.page.keyboard.press('?')
  await host.page.getByRole('dialog', { name: '快捷键' }).getByText('打开或关闭麦克风').waitFor()
  await host.page.keyboard.press('Escape')

  // Before the interview: why not is said, and a chair is asked for a reason.
  await card('李华').getByRole('button', { name: '公布成绩' }).click()
  await question.getByText('该考生尚未完成面谈。').waitFor()
  await question.getByLabel('结论').fill('拟录取')
  await question.getByRole('button', { name: '仍要公布' }).click()
  const reason = question.getByLabel('仍要公布的理由')
  assert.equal(await reason.getAttribute('aria-invalid'), 'true', 'a reason is asked for')
  await question.getByRole('button', { name: '取消' }).click()

  for (const [index, person] of [a, b].entries()) {
    await host.button(`叫入下一位：${person.name}`).click()
    if (index === 0) {
      await host.stage('宣讲')
      await host.stage('面谈')
    }
    for (const [which, examiner] of examiners.entries())
      await score(examiner, String(70 + 10 * which + index))
    await host.stage('评议', '断开并进入')
    await host.stage('公布')
    await host.choose(person.name).then((one) => one.getByRole('button', { name: '结束该考生' }).click())
    await question.getByRole('button', { name: '结束该考生' }).click()
    await host.tab('评分成绩')
  }

  // Drafts are written in the table, by the keyboard; what is wrong is said at the field.
  await host.button('成绩总表').click()
  const table = host.page.getByRole('dialog').getByRole('table')
  const field = (what, name) => table.getByLabel(`${name} 的${what}`)
  await field('结论', '李华').fill('拟录取')
  await field('结论', '李华').press('Enter')
  assert.ok(await field('结论', '王芳').evaluate((input) => input === document.activeElement))
  await host.page.keyboard.type('候补')
  await host.page.keyboard.press('Enter')
  await field('分数', '王芳').fill('7x')
  await field('分数', '王芳').press('Enter')
  await table.getByText('请输入数字，最多两位小数。').waitFor()
  await field('分数', '王芳').press('Escape')
  await table.getByText('可公布', { exact: true }).nth(1).waitFor()
  await host.button('填入平均分').click()
  await host.page.getByText('已为 2 名考生填入平均分').waitFor()
  assert.equal(await field('分数', '李华').inputValue(), '80')
  assert.equal(await field('分数', '王芳').inputValue(), '81')
  assert.deepEqual(await grave(host.page), [])

  // Together, after a question that shows who gets what.
  await table.getByLabel('选择 李华').focus()
  await host.page.keyboard.press('Control+a')
  await host.button('公布所选 2 名').click()
  for (const text of ['李华', '王芳', '拟录取：1 名', '候补：1 名'])
    await question.getByText(text).last().waitFor()
  assert.deepEqual(await grave(host.page), [])
  await question.getByRole('button', { name: '公布所选 2 名' }).click()
  await a.reads('拟录取')
  await b.reads('候补')
  await host.button('关闭').click()

  // One is taken back, and is a draft again; then it is published anew.
  await card('王芳').getByRole('button', { name: '撤回成绩' }).click()
  await question.getByLabel('撤回理由').fill('分数有误')
  await question.getByRole('button', { name: '撤回成绩' }).click()
  await b.reads('成绩已撤回')
  assert.equal(await b.page.getByText('候补').count(), 0)
  const taken = /成绩已于 .* 撤回：分数有误/
  await card('王芳').getByText(taken).waitFor()
  await host.page
    .locator('[data-group]')
    .getByText(/成绩已于 .* 撤回/)
    .first()
    .waitFor()
  await host.button('成绩总表').click()
  await host.page.getByRole('dialog').getByRole('button', { name: '已撤回 1' }).click()
  await table.getByRole('row', { name: '王芳' }).getByText(taken).waitFor()
  assert.equal(await table.getByRole('row', { name: '李华' }).count(), 0)
  await host.page
    .getByRole('dialog')
    .getByRole('button', { name: /^全部 / })
    .click()
  await field('分数', '王芳').fill('82.5')
  await table.getByLabel('选择 王芳').check()
  await host.button('公布所选 1 名').click()
  await question.getByRole('button', { name: '公布所选 1 名' }).click()
  await b.reads('82.5')
  await card('王芳').getByText(taken).waitFor({ state: 'detached' })
  await host.button('关闭').click()

  // Confirmed; then corrected with a reason, and confirmed anew.
  await confirms(b)
  await card('王芳').getByRole('button', { name: '更正成绩' }).click()
  await question.getByLabel('结论').fill('拟录取')
  await question.getByLabel('更正理由（考生可见）').fill('名额增加')
  await question.getByRole('button', { name: '更正成绩' }).click()
  await b.reads('成绩已更正，理由：名额增加')
  await confirms(b)
  await card('王芳')
    .getByText(/考生已于 .* 确认/)
    .waitFor()
  for (const person of [host, ...examiners, a, b]) await person.close()
})
