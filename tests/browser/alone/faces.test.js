// The face check in a browser: a camera that shows a photo of the registered person, one that shows somebody else, and who
// refuses. The photos come with packages and are fetched at set-up.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Chromium } from '../harness/browsers.js'
import { Candidate } from '../harness/candidate.js'
import { Demo } from '../harness/demo.js'
import { fitsPhones } from '../harness/layout.js'
import { until } from '../harness/until.js'

const FACES = fileURLToPath(new URL('../../../.cache/faces', import.meta.url))
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }

const photo = (name) => readFileSync(`${FACES}/photos/${name}`)
/** Where the face is in each, as parts of the photo. */
const OWN = { jpeg: photo('obama.jpg').toString('base64'), x: 0.533, y: 0.224, high: 0.29 }
const OTHER = { jpeg: photo('biden.jpg').toString('base64'), x: 0.586, y: 0.167, high: 0.177 }

/** The same person with the head turned to the right, and where the nose is. */
const TURNED = {
  jpeg: photo('obama2.jpg').toString('base64'),
  ...{ x: 0.528, y: 0.363, wide: 0.435, high: 0.342 },
  nose: { x: 0.454, y: 0.375 },
}

let demo, browser, interview, setup
before(async () => {
  demo = await Demo.start({ settings: { face_models: FACES } })
  browser = await Chromium.start()
  const [row] = await demo.get('/api/admin/interviews')
  interview = `/api/admin/interviews/${row.id}`
  for (const { seat } of await demo.get(`${interview}/candidates`))
    await demo.put(`${interview}/candidates/${seat}/photo`, photo('obama2.jpg'), 'image/jpeg')
  const identity = { face: 'once', attempts: 3, turn: false }
  const pledge = { text: '本人承诺独立完成面谈。\n如有违反，愿承担后果。' }
  const { name, opens_at, closes_at, stages, criteria, second_camera } = row
  setup = { name, opens_at, closes_at, stages, criteria, second_camera, identity, pledge }
  await demo.put(interview, setup)
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** A candidate at the identity step, with this camera. */
async function asked(index, camera, context = {}) {
  const person = Candidate.of(demo, index, await browser.page({ photo: camera, ...context }))
  await person.invited()
  if (index === 1) await person.passPassword()
  await person.at('identity')
  return person
}

/** A picture for who wants to look, in the folder that VIVA_SHOTS names. */
async function shot(person, name) {
  const folder = process.env.VIVA_SHOTS
  if (folder) await person.page.screenshot({ path: `${folder}/${name}.png` })
}

/** The row of steps as it stands, such as `pledge ahead`; after a reload it comes a moment later than the address. */
async function steps(person) {
  const row = person.page.locator('[data-step]')
  await row.first().waitFor()
  return row.evaluateAll((all) => all.map(({ dataset }) => dataset.step))
}

test('the registered person passes, reads the pledge and goes on', async () => {
  const person = await asked(0, OWN)
  await shot(person, 'consent')
  const devices = ['microphone ahead', 'camera ahead', 'waiting ahead']
  assert.deepEqual(await steps(person), ['identity current', 'pledge ahead', 'speaker ahead', ...devices])
  await person.button('同意并开始').click()
  await person.faceIsRight()
  await shot(person, 'frame')
  await person.beginFaceCheck()
  await person.at('pledge')
  await shot(person, 'pledge')
  await person.page.getByText('我已阅读并承诺遵守').click()
  await person.button('确认并继续').click()
  await person.at('speaker')
  // The same after a reload, when this page has never seen the pledge.
  for (const name of ['steps', 'steps-reloaded']) {
    assert.deepEqual(await steps(person), ['identity done', 'pledge done', 'speaker current', ...devices])
    await shot(person, name)
    await person.page.reload()
    await person.at('speaker')
  }
  assert.deepEqual(person.complaints, [])
  await person.close()
})

test('who comes back turns the head to the side that is asked for, and is let in again', async () => {
  await demo.put(interview, { ...setup, identity: { face: 'each_entry', attempts: 3, turn: true } })
  for (const context of [{}, PHONE]) {
    const person = await asked(0, { ...OWN, turned: TURNED }, context)
    await person.beginFaceCheck()
    const frame = person.page.locator('[data-ask]')
    await frame.filter({ hasText: /左转|右转/ }).waitFor({ timeout: 60_000 })
    await shot(person, `turn-${context.isMobile ? 'phone' : 'desk'}`)
    // What comes next is the pledge, or where the way was left.
    const step = () => person.page.evaluate(() => location.pathname)
    await until('who was compared goes on', async () => (await step()) !== '/candidate/identity', {
      look: step,
    })
    assert.deepEqual(person.complaints, [])
    await person.close()
  }
  await demo.put(interview, setup)
})

test('on a phone somebody else fails three times and goes on by SMS', async () => {
  const person = await asked(1, OTHER, PHONE)
  const { page } = person
  await fitsPhones(page, 'consent')
  await page.setViewportSize(PHONE.viewport)
  await person.button('同意并开始').click()
  await person.faceIsRight()
  await fitsPhones(page, 'frame')
  await page.setViewportSize(PHONE.viewport)
  for (const left of [2, 1]) {
    await person.beginFaceCheck()
    await person.reads('与登记的照片不一致')
    await shot(person, `different-${left}`)
    await person.reads(`还可以尝试 ${left} 次`)
    await person.button('再试一次').click()
  }
  await person.beginFaceCheck()
  await person.reads('次数已用完，请改用短信验证')
  await shot(person, 'used-up')
  await fitsPhones(page, 'used up')
  await person.button('发送验证码').click()
  const code = await demo.smsCode(person.phone)
  await person.fill('短信验证码', code)
  await person.button(/^验证$/).click()
  await person.at('pledge')
  await fitsPhones(page, 'pledge')
  await person.close()
})

test('who refuses the comparison goes by SMS, and no camera was opened for it', async () => {
  await demo.post(`${interview}/candidates`, {
    name: '赵敏',
    number: '2026-9',
    phone: '13800138013',
    password: null,
  })
  const people = await demo.get(`${interview}/candidates`)
  const { code, seat } = people.find(({ name }) => name === '赵敏')
  await demo.put(`${interview}/candidates/${seat}/photo`, photo('obama2.jpg'), 'image/jpeg')
  const invitation = { url: `${demo.server.url}/i#${code}`, code }
  const page = await browser.page({ photo: OWN })
  const person = new Candidate(page, { invitation, phone: '13800138013', demo })
  person.name = '赵敏'
  await person.invited()
  await person.at('identity')
  await person.button('不同意，使用短信验证').click()
  await person.button('发送验证码').click()
  const sms = await until('an SMS', () => demo.smsCode('13800138013'))
  await person.fill('短信验证码', sms)
  await person.button(/^验证$/).click()
  await person.at('pledge')
  await person.close()
})

for (const [look, context] of Object.entries({ desk: {}, phone: PHONE })) {
  test(`a photo that shows no face is kept only if a person insists, at the ${look}`, async () => {
    const admin = await browser.page({ name: `administrator ${look}`, ...context })
    const { page } = admin
    const [account, password] = demo.administrator
    await page.goto(`${demo.server.url}${interview.replace('/api', '')}/candidates`)
    await page.getByLabel('账号', { exact: true }).fill(account)
    await page.getByLabel('密码', { exact: true }).fill(password)
    await page.getByRole('button', { name: '登录', exact: true }).click()
    const put = async (name, mimeType) => {
      await page.getByRole('button', { name: /王芳/ }).last().click()
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByRole('menuitem', { name: '更换照片' }).click(),
      ])
      await chooser.setFiles({ name, mimeType, buffer: photo(name) })
    }
    const seen = async () => {
      const all = await demo.get(`${interview}/candidates`)
      const { seat } = all.find(({ name }) => name === '王芳')
      return page.evaluate(
        async (path) => (await (await fetch(path)).arrayBuffer()).byteLength,
        `/api/candidates/${seat}/photo`,
      )
    }
    await page.getByText('王芳').first().waitFor()
    const before = await seen()
    assert.equal(before, photo('obama2.jpg').length)
    const question = page.getByRole('alertdialog')
    await put('sample2.jpg', 'image/jpeg')
    await question.getByText('照片中不止一张脸').waitFor()
    await shot(admin, `photo-unfit-${look}`)
    await question.getByRole('button', { name: '取消' }).click()
    assert.equal(await seen(), before)
    await put('sample2.jpg', 'image/jpeg')
    await question.getByRole('button', { name: '仍然保存' }).click()
    await page.getByText('王芳的照片已保存').first().waitFor()
    assert.equal(await seen(), photo('sample2.jpg').length)
    await put('obama2.jpg', 'image/jpeg')
    await page.waitForFunction(() => document.querySelector('[role=alertdialog]') === null)
    await until('the new photo is there', async () => (await seen()) === photo('obama2.jpg').length)
    await admin.close()
  })
}
