// Before the day: a rehearsal with the real invitation, a draw that anybody can check, and many rooms from one table.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Chromium } from '../harness/browsers.js'
import { Candidate } from '../harness/candidate.js'
import { Demo } from '../harness/demo.js'
import { LOOKS, Person } from '../harness/person.js'
import { Staff } from '../harness/staff.js'

const CHECK = fileURLToPath(new URL('../../../docs/verify_draws.py', import.meta.url))
const SCREEN = { width: 1280, height: 800 }
const run = promisify(execFile)

let demo, browser, folder, id, office
before(async () => {
  demo = await Demo.start()
  browser = await Chromium.start()
  folder = await mkdtemp(join(tmpdir(), 'viva-ahead-'))
  id = (await demo.post('/api/admin/interviews', setup())).id
  const rows = ['高一,2027101,13900000001,', '钱二,2027102,13900000002,', '孙三,2027103,13900000003,']
  const list = new FormData()
  list.set('file', new Blob([`姓名,考号,手机,密码\n${rows.join('\n')}\n`]), 'list.csv')
  await demo.upload(`/api/admin/interviews/${id}/candidates/import`, list)
  const guest = { account: '', name: '外校考官', role: 'examiner' }
  await demo.post(`/api/admin/interviews/${id}/staff`, guest)
  office = await signedIn()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
  if (folder) await rm(folder, { recursive: true })
})

/** An interview that opens in two hours. */
function setup() {
  const stage = (name, kind) => ({ name, kind, minutes: null })
  return {
    name: '博士复试',
    opens_at: Date.now() + 2 * 3_600_000,
    closes_at: Date.now() + 8 * 3_600_000,
    stages: [stage('候考', 'waiting'), stage('面谈', 'interview'), stage('结束', 'end')],
    criteria: [{ id: 'a', name: '专业', weight: 100, min: 0, max: 10_000 }],
    questions: [
      {
        id: 1,
        name: 'A 组',
        questions: [{ id: 1, text: '请介绍研究计划', minutes: null, criterion: null }],
      },
      {
        id: 2,
        name: 'B 组',
        questions: [{ id: 2, text: '请概括一篇论文', minutes: null, criterion: null }],
      },
    ],
  }
}

/** The administrator, at the demo's office. */
async function signedIn() {
  const person = await browser.page({
    name: 'office',
    look: LOOKS[0],
    viewport: SCREEN,
    acceptDownloads: true,
  })
  const [account, password] = demo.administrator
  const answer = await person.page.context().request.post(`${demo.server.url}/api/session`, {
    headers: { 'x-viva': '1' },
    data: { account, password },
  })
  assert.ok(answer.ok())
  return new Person(person.page, person)
}

const button = (name) => office.page.getByRole('button', { name })
const answer = (name) => office.page.getByRole('alertdialog').getByRole('button', { name }).click()

test('a rehearsal is entered with the same code, says so, and leaves a report and nothing else', async () => {
  const { page } = office
  await page.goto(`${demo.server.url}/admin/interviews/${id}/rehearsal`)
  await button('开始演练').click()
  await answer('开始演练')
  await page.getByText('演练进行中').first().waitFor()

  // Who has no account comes by a link of the rehearsal's own.
  const made = page.waitForResponse((response) => response.url().endsWith('/link'))
  await button('复制链接：外校考官').click()
  const { link } = await (await made).json()
  const guest = await Staff.knock(browser, link.replace('#', '?auto#'), {
    name: 'guest',
    look: LOOKS[2],
    fps: 2,
  })
  await guest.entered()
  await guest.page.getByText('本次是演练').first().waitFor()

  // A reminder says that it is open, and since when.
  await page.goto(`${demo.server.url}/admin/interviews/${id}/candidates`)
  await button('提醒未完成检测的考生').click()
  const reminder = page.getByRole('alertdialog')
  await reminder.getByText(/演练已于.*（北京时间，UTC\+8）开始，现在进入的是演练。/).waitFor()
  await reminder.getByRole('button', { name: '取消' }).click()
  await page.goto(`${demo.server.url}/admin/interviews/${id}/rehearsal`)

  const [{ code, phone, name }] = await demo.get(`/api/admin/interviews/${id}/candidates`)
  const person = await browser.page({
    name: 'candidate',
    look: LOOKS[1],
    fps: 2,
  })
  const invitation = { url: `${demo.server.url}/i#${code}`, code }
  const candidate = new Candidate(person, { invitation, phone, demo })
  candidate.name = name
  await candidate.walk()
  await candidate.page.getByText('本次是演练，不计成绩').first().waitFor()
  await page.getByText('1 / 3 名考生参加，1 名检测全部通过').waitFor()

  await button('结束演练').click()
  await answer('结束演练')
  await candidate.page.getByText('演练已结束').first().waitFor()
  await guest.page.getByText('演练已结束').first().waitFor()
  assert.equal(await page.locator('[data-links]').count(), 0)
  const row = page.getByRole('row', { name: new RegExp(name) })
  await row.getByText('全部通过').waitFor()
  const steps = await demo.get(`/api/admin/interviews/${id}/candidates`)
  assert.deepEqual(
    steps.map(({ step }) => step),
    ['invited', 'invited', 'invited'],
  )
  // Before it opens, the code leads nowhere again.
  const early = await fetch(`${demo.server.url}/api/candidate/invitation`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-viva': '1' },
    body: JSON.stringify({ code }),
  })
  assert.equal((await early.json()).code, 'invitation_early')
  await person.close()
})

test('an order is promised, drawn with a word of a witness, and checked by a script and the program', async () => {
  const { page } = office
  await page.getByRole('link', { name: '抽签' }).click()
  await button('生成承诺').click()
  await page.getByText('已承诺，待抽签').waitFor()
  const [committed] = (await demo.get(`/api/interviews/${id}/draws`)).draws
  assert.equal(committed.seed, null)
  await page.getByLabel('见证人的话').fill('今天 7 ℃，有雾')
  await button(/^抽签$/).click()
  await answer('抽签')
  await page.getByText('已抽签').waitFor()

  const [download] = await Promise.all([page.waitForEvent('download'), button('导出 draws.json').click()])
  const file = join(folder, 'draws.json')
  await download.saveAs(file)
  assert.match((await run('python3', [CHECK, file])).stdout, /^draw 1: right$/m)
  const verify = (noted) => demo.server.command('draw', 'verify', file, '--commitment', noted)
  await verify(committed.commitment)
  await assert.rejects(verify('f'.repeat(64)), (error) => error.code === 1)

  const [{ entries, outcome }] = (await demo.get(`/api/interviews/${id}/draws`)).draws
  assert.deepEqual([...outcome].sort(), ['1', '2', '3'])
  const row = page.getByRole('row', { name: new RegExp(`^${entries[0]}`) })
  await row.getByText(outcome[0], { exact: false }).first().waitFor()
})

test('rooms with panels and times come from one table, all of them or none', async () => {
  const { page } = office
  for (const [account, name] of [
    ['li', '李老师'],
    ['zhao', '赵老师'],
  ])
    await demo.post('/api/admin/accounts', {
      account,
      name,
      password: 'a room of its own',
      administrator: false,
    })
  await page.goto(`${demo.server.url}/admin`)
  await button('批量建考场').click()
  const dialog = page.getByRole('dialog', { name: '批量建考场' })
  await dialog.getByLabel('参照的面谈').selectOption({ label: '博士复试' })
  const choose = (rows) =>
    dialog.locator('input[type=file]').setInputFiles({
      name: 'rooms.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(
        `考场,考官,工作人员,姓名,考号,手机\n${rows.map((row) => row.join(',')).join('\n')}\n`,
      ),
    })
  await choose([['甲', '李老师', '王老师', '周四', '2027201', '']])
  await dialog.getByText('王老师').first().waitFor()
  assert.equal((await demo.get('/api/admin/interviews')).length, 2)
  await choose([
    ['甲', '李老师', '', '周四', '2027201', '13900000011'],
    ['甲', '', '', '吴五', '2027202', '13900000012'],
    ['乙', 'zhao', '', '郑六', '2027203', '13900000013'],
  ])
  await dialog.getByText('检查通过：2 个考场，3 名考生。').waitFor()
  await dialog.getByRole('button', { name: '创建 2 个考场' }).click()
  await dialog.getByText('已创建 2 个考场').waitFor()
  const made = (await demo.get('/api/admin/interviews')).filter(({ name }) => name.startsWith('博士复试'))
  assert.deepEqual(made.map(({ candidates }) => candidates).sort(), [1, 2, 3])
})
