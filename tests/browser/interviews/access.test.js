// Nothing on any page stands in the way of a person with a screen reader, a keyboard, or weak eyes: axe finds nothing
// serious, in the light and in the dark.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Candidate } from '../harness/candidate.js'
import { Demo } from '../harness/demo.js'
import { until } from '../harness/until.js'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const GRAVE = ['serious', 'critical']
const DESK = { viewport: { width: 1440, height: 900 }, fps: 8 }

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** Looks at pages one after another, and tells at the end of all that is wrong: a run shows the whole. */
class Inspector {
  #findings = []

  async look(page, name) {
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE)
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await settled(page, colorScheme)
      const { violations } = await page.evaluate(() =>
        window.axe.run(document, { resultTypes: ['violations'] }),
      )
      for (const { id, impact, nodes } of violations.filter((violation) =>
        GRAVE.includes(violation.impact),
      )) {
        const places = nodes.map(
          ({ html, any }) =>
            `    ${html.slice(0, 220)}\n      ${any.map(({ message }) => message).join('; ')}`,
        )
        this.#findings.push(
          `${name}, ${colorScheme}: ${impact} ${id}\n${[...new Set(places)].slice(0, 8).join('\n')}`,
        )
      }
    }
  }

  conclude() {
    assert.equal(this.#findings.length, 0, `\n${this.#findings.join('\n')}`)
  }
}

/** Waits until the theme is there and no colour is on its way to another one. */
async function settled(page, theme) {
  await until(`the page is ${theme} and still`, () =>
    page.evaluate((wanted) => {
      const moving = document
        .getAnimations()
        .filter(
          ({ playState, effect }) =>
            playState === 'running' && Number.isFinite(effect?.getComputedTiming().endTime),
        )
      return document.documentElement.dataset.theme === wanted && moving.length === 0
    }, theme),
  )
}

async function staff(link, name) {
  const person = await browser.page({ name, ...DESK })
  await person.page.goto(link.replace('#', '?auto#'))
  await person.entered()
  return person
}

test('the pages that are open to all', async () => {
  const inspector = new Inspector()
  const person = await browser.page({ name: 'anybody', ...DESK })
  const { page } = person
  for (const [path, landmark] of [
    ['/', page.getByRole('textbox')],
    ['/signin', page.getByRole('button', { name: '登录', exact: true })],
    ['/candidate/invitation', page.getByLabel('面谈邀请码')],
    ['/download', page.getByRole('heading', { name: '直接使用浏览器' })],
    ['/download-mobile', page.getByRole('heading', { name: '手机端' })],
    ['/nowhere', page.getByRole('textbox')],
    ['/connection-test', page.getByRole('button', { name: '开始测试' })],
  ]) {
    await page.goto(`${demo.server.url}${path}`)
    await landmark.waitFor()
    await inspector.look(page, path)
  }
  await page.getByRole('button', { name: '开始测试' }).click()
  await page.getByRole('region', { name: '测试报告' }).waitFor({ timeout: 90_000 })
  await inspector.look(page, 'the report of the connection test')
  await page.goto(`${demo.server.url}/signin`)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByText('请填写此项。').first().waitFor()
  await inspector.look(page, 'sign-in with empty fields')
  await person.close()
  inspector.conclude()
})

test('the way of a candidate, and the seats of the staff', async () => {
  const inspector = new Inspector()
  const [host, examiner] = [await staff(demo.host, 'host'), await staff(demo.examiners[0], 'examiner')]
  const person = await browser.page({ name: '王芳', fps: 8 })
  const candidate = new Candidate(person, {
    invitation: demo.invitations[1],
    phone: '13800138002',
    password: demo.password,
    demo,
  })
  const here = (name) => inspector.look(candidate.page, name)
  await candidate.invited()
  await candidate.at('password')
  await here('password')
  await candidate.passPassword()
  await candidate.at('identity')
  await here('identity')
  await candidate.passIdentity()
  await candidate.passChecks({ between: here })
  await here('waiting')
  await candidate.button('显示二维码').click()
  const link = await candidate.page.locator('[data-link]').getAttribute('data-link')
  await here('waiting, a QR code for a phone')
  const phone = await browser.page({ name: 'phone', fps: 8, viewport: { width: 390, height: 780 } })
  await phone.page.goto(link)
  await phone.page.locator('[data-status="ready"]').waitFor()
  await inspector.look(phone.page, 'a phone as second camera')
  await phone.close()
  await inspector.look(host.page, 'host, waiting')

  await host.page.getByRole('button', { name: /^叫入下一位/ }).click()
  await host.page.getByRole('button', { name: /^下一阶段\s*宣讲/ }).click()
  await host.page.getByRole('button', { name: /^下一阶段\s*面谈/ }).click()
  await candidate.meets(examiner)
  await here('in the interview')
  await inspector.look(examiner.page, 'examiner')
  await inspector.look(host.page, 'host, interview')
  for (const tab of ['消息', '评分成绩', '异常记录']) {
    await host.page.getByRole('tab', { name: tab }).click()
    await inspector.look(host.page, `host, ${tab}`)
  }
  const patrol = await browser.page({ name: 'patrol', ...DESK })
  await patrol.page.goto(demo.patrol)
  await patrol.page.locator('[data-seat] video').first().waitFor()
  await inspector.look(patrol.page, 'the wall')
  await patrol.page.locator('[data-seat]').click()
  await patrol.page.getByRole('dialog').waitFor()
  await inspector.look(patrol.page, 'the wall, one room large')

  await host.page.getByRole('button', { name: /^下一阶段\s*评议/ }).click()
  await host.page.getByRole('alertdialog').waitFor()
  await inspector.look(host.page, 'host, a question')
  for (const one of [host, examiner, candidate, patrol]) await one.close()
  inspector.conclude()
})

test('administration, and the seats of an account', async () => {
  const inspector = new Inspector()
  const person = await browser.page({ name: 'administrator', ...DESK })
  const { page } = person
  const [account, password] = demo.administrator
  const [interview] = await demo.get('/api/admin/interviews')
  await page.goto(`${demo.server.url}/signin`)
  await page.getByLabel('账号', { exact: true }).fill(account)
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.waitForURL('**/admin')
  const one = `/admin/interviews/${interview.id}`
  for (const path of [
    '/admin',
    '/admin/interviews/new',
    one,
    `${one}/panel`,
    `${one}/candidates`,
    `${one}/export`,
    `${one}/sheet`,
    '/admin/outbox',
    '/admin/accounts',
    '/admin/settings',
    '/signin/password',
    '/seats',
  ]) {
    await page.goto(`${demo.server.url}${path}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.waitForLoadState('networkidle')
    await inspector.look(page, path.replace(interview.id, '…'))
  }
  await page.goto(`${demo.server.url}${one}/candidates`)
  await page.getByRole('button', { name: '导入名单' }).click()
  await page.getByRole('dialog').waitFor()
  await inspector.look(page, 'the import of candidates')
  await person.close()
  inspector.conclude()
})
