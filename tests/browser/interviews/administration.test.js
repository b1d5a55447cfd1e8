// Administration in a browser: from signing in to invitations sent and printed, and what a broken list leads to.
import assert from 'node:assert/strict'
import { crc32 } from 'node:zlib'
import { after, before, test } from 'node:test'
import { Chromium } from '../harness/browsers.js'
import { Demo } from '../harness/demo.js'
import { until } from '../harness/until.js'

const DESK = { viewport: { width: 1440, height: 900 } }
const NAME = '管理流程面谈'
const HEAD = ['姓名', '考号', '手机', '密码']

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await Chromium.start()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** A file as a person would choose it. */
const file = (name, buffer) => ({ name, mimeType: 'application/octet-stream', buffer })

function csv(rows) {
  return Buffer.from(`\uFEFF${[HEAD, ...rows].map((row) => row.join(',')).join('\r\n')}\r\n`)
}

/** The smallest workbook that a table program would open: one sheet with its texts in the cells. */
function xlsx(rows) {
  const cell = (text, row, column) =>
    `<c r="${'ABCD'[column]}${row + 1}" t="inlineStr"><is><t>${text}</t></is></c>`
  const line = (cells, row) =>
    `<row r="${row + 1}">${cells.map((text, column) => cell(text, row, column)).join('')}</row>`
  const [main, office] = ['spreadsheetml/2006/main', 'officeDocument/2006/relationships'].map(
    (path) => `http://schemas.openxmlformats.org/${path}`,
  )
  const packaged = 'http://schemas.openxmlformats.org/package/2006'
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  return zip({
    '[Content_Types].xml': `<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${type}.worksheet+xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${packaged}/relationships"><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packaged}/relationships"><Relationship Id="r1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetData>${[HEAD, ...rows].map(line).join('')}</sheetData></worksheet>`,
  })
}

/** An archive whose files are only stored. */
function zip(files) {
  const [bodies, entries] = [[], []]
  let offset = 0
  for (const [path, text] of Object.entries(files)) {
    const [name, data] = [Buffer.from(path), Buffer.from(text)]
    const head = Buffer.alloc(26)
    head.writeUInt16LE(20, 0)
    head.writeUInt16LE(0x21, 8)
    head.writeUInt32LE(crc32(data), 10)
    head.writeUInt32LE(data.length, 14)
    head.writeUInt32LE(data.length, 18)
    head.writeUInt16LE(name.length, 22)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    entries.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), head, rest, name)
    const body = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), head, name, data])
    bodies.push(body)
    offset += body.length
  }
  const directory = Buffer.concat(entries)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(bodies.length, 4)
  end.writeUInt16LE(bodies.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...bodies, directory, Buffer.from('PK\x05\x06', 'latin1'), end])
}

async function signIn(page, account, password) {
  await page.getByLabel('账号', { exact: true }).fill(account)
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
}

test('an interview is created, filled from files, invited, printed', async () => {
  const person = await browser.page({ name: 'administrator', ...DESK })
  const { page } = person
  const button = (name) => page.getByRole('button', { name })
  const [account, password] = demo.administrator

  // Whoever is not signed in is asked to, and led back; a wrong password is told in a sentence.
  await page.goto(`${demo.server.url}/admin/interviews/new`)
  await page.waitForURL(/\/signin\?next=/)
  await signIn(page, account, 'not the password')
  await page.getByRole('alert').filter({ hasText: '密码' }).waitFor()
  await signIn(page, account, password)
  await page.waitForURL('**/admin/interviews/new')

  // The form has the usual in place; a name is all that is missing.
  await button('创建面谈').click()
  await page.getByText('请填写此项。').waitFor()
  await page.getByLabel('面谈名称').fill(NAME)
  await button('创建面谈').click()
  await page.waitForURL(/\/admin\/interviews\/[0-9a-f]{16}\/candidates$/)
  await page.getByRole('heading', { name: NAME }).waitFor()
  const id = new URL(page.url()).pathname.split('/')[3]
  const made = await demo.get(`/api/admin/interviews/${id}`)
  assert.equal(made.name, NAME)
  assert.ok(made.stages.length > 3 && made.opens_at > Date.now(), 'the usual stages, tomorrow')
  const candidates = () => demo.get(`/api/admin/interviews/${id}/candidates`)

  // A list with broken rows: each is named, and nobody comes in.
  const dialog = page.getByRole('dialog', { name: '导入考生名单' })
  const choose = (chosen) => dialog.getByLabel('选择名单文件').setInputFiles(chosen)
  await button('导入名单').click()
  await choose(
    file(
      'list.csv',
      csv([
        ['高一', '3001', '13900000001', ''],
        ['', '3002', '13900000002', ''],
        ['高三', '3001', '13900000003', ''],
        ['高四', '3004', 'no phone', ''],
      ]),
    ),
  )
  await dialog.getByText(/发现 \d+ 处问题，尚未导入任何考生/).waitFor()
  const problems = dialog.getByRole('region', { name: '名单中的问题' }).getByRole('row')
  for (const cells of [/^3\s+姓名\s+不能为空/, /^4\s+考号\s+重复/, /^5\s+手机\s+格式不正确/]) {
    const texts = await problems.evaluateAll((rows) => rows.map((row) => row.innerText))
    assert.ok(
      texts.some((text) => cells.test(text.trim())),
      `${cells} is in ${JSON.stringify(texts)}`,
    )
  }
  assert.ok(await dialog.getByRole('button', { name: '导入名单' }).isDisabled(), 'there is nothing to import')
  assert.deepEqual(await candidates(), [], 'nobody was added')

  // The right lists, in both forms.
  await dialog.getByRole('button', { name: '移除文件 list.csv' }).click()
  await choose(
    file(
      'list.csv',
      csv([
        ['高一', '3001', '13900000001', ''],
        ['钱二', '3002', '13900000002', 'secret'],
      ]),
    ),
  )
  await dialog.getByText('检查通过，可导入 2 名考生。').waitFor()
  assert.deepEqual(await candidates(), [], 'a look at the list adds nobody')
  await dialog.getByRole('button', { name: '导入 2 名考生' }).click()
  await page.getByText('已导入 2 名考生').waitFor()
  await dialog.waitFor({ state: 'hidden' })
  await button('导入名单').click()
  await choose(file('more.xlsx', xlsx([['孙三', '3003', '13900000003', '']])))
  await dialog.getByRole('button', { name: '导入 1 名考生' }).click()
  await dialog.waitFor({ state: 'hidden' })
  for (const name of ['高一', '钱二', '孙三']) await page.getByRole('row').filter({ hasText: name }).waitFor()
  const added = await candidates()
  const [numbers, passwords] = [added.map(({ number }) => number), added.map(({ password_set: set }) => set)]
  assert.deepEqual(
    [numbers, passwords],
    [
      ['3001', '3002', '3003'],
      [false, true, false],
    ],
  )

  // A list as an office has it, in an old encoding: it is seen first, and what is not known is for the person to say.
  await button('导入名单').click()
  const office = Buffer.concat([
    Buffer.from('2026,,,\nname,number,\xb5\xc7\xc2\xbc\xbf\xda\xc1\xee\xb4\xae,\xb1\xb8\xd7\xa2\n', 'latin1'),
    Buffer.from('\xd6\xa3\xc7\xbf,3004,geheim,x\n', 'latin1'),
  ])
  await choose(file('office.csv', office))
  const preview = dialog.getByRole('region', { name: '名单预览' })
  await preview.getByRole('cell', { name: '郑强' }).waitFor()
  await dialog.getByText('请先选择标出的各项，再检查名单。').waitFor()
  assert.ok(await dialog.getByRole('button', { name: '导入名单' }).isDisabled(), 'a column is undecided')
  await dialog.getByText('不导入的列：D 备注').waitFor()
  await preview.getByLabel('C 登录口令串').selectOption({ label: '密码' })
  await dialog.getByRole('button', { name: '导入 1 名考生' }).click()
  await dialog.waitFor({ state: 'hidden' })
  const taken = (await candidates()).find(({ number }) => number === '3004')
  assert.deepEqual([taken.name, taken.password_set], ['郑强', true])
  await demo.remove(`/api/admin/interviews/${id}/candidates/${taken.seat}`)
  await page.reload()

  // All are invited once.
  await button('发送邀请（3）').click()
  await page.getByRole('alertdialog').getByRole('button', { name: '发送' }).click()
  await page.getByText('3 条邀请短信已进入发件箱').waitFor()
  await until('nobody is left to invite', () => button('发送邀请（0）').isDisabled())
  await page.getByRole('link', { name: '短信发件箱' }).click()
  for (const { phone, code, link } of added) {
    const message = page.getByRole('listitem').filter({ hasText: phone })
    await message.waitFor()
    const text = await message.innerText()
    assert.ok(text.includes(code) || text.includes(link), `the way in is in: ${text}`)
  }

  // On paper each has a card.
  await page.goto(`${demo.server.url}/admin/interviews/${id}/candidates`)
  await button('打印邀请函').click()
  await page.waitForURL('**/sheet')
  await page.getByText('3 张卡片，1 页 A4').waitFor()
  for (const { name, code, link } of added) {
    const card = page.getByRole('article').filter({ hasText: name })
    assert.ok((await card.innerText()).includes(code))
    assert.equal(await card.getByRole('img', { name: link }).locator('path').count(), 1, 'a QR code')
  }

  // Whoever signs out is out.
  await page.goto(`${demo.server.url}/admin`)
  await page.getByRole('link', { name: new RegExp(NAME) }).waitFor()
  await button('演示管理员').click()
  await page.getByRole('dialog').getByRole('button', { name: '退出登录' }).click()
  await page.getByRole('heading', { name: '工作人员登录' }).waitFor()
  assert.equal(new URL(page.url()).pathname, '/signin')
  await page.goto(`${demo.server.url}/admin`)
  await page.waitForURL(/\/signin\?next=/)
  await person.close()
})

test('the panel is found by typing, by keys alone, and the way back leads through the filters', async () => {
  const person = await browser.page({ name: 'office', ...DESK })
  const { page } = person
  await page.goto(`${demo.server.url}/admin?state=ahead`)
  await signIn(page, ...demo.administrator)
  await page.getByRole('link', { name: new RegExp(NAME) }).click()
  await page.getByRole('link', { name: /^考官与工作人员/ }).click()
  const field = page.getByRole('combobox', { name: '账号' })
  await field.pressSequentially('演示')
  await page.getByRole('option', { name: /^演示管理员/ }).waitFor()
  await field.press('Enter')
  await until('the one is chosen', async () => /^演示管理员/.test(await field.inputValue()))
  await field.press('Enter')
  await page.getByRole('row', { name: /演示管理员/ }).waitFor()

  await page.getByRole('navigation', { name: '管理' }).getByRole('link', { name: '面谈' }).click()
  await page.getByLabel('状态').selectOption({ label: '已结束' })
  await page.waitForURL('**/admin?state=over')
  assert.equal(await page.getByRole('link', { name: new RegExp(NAME) }).count(), 0)
  await page.goBack()
  await page.getByRole('link', { name: new RegExp(NAME) }).waitFor()
  await person.close()
})

test('a list is taken back, brings others up to date, people go together; accounts from a list; a copy', async () => {
  const person = await browser.page({ name: 'office', ...DESK })
  const { page } = person
  const button = (name) => page.getByRole('button', { name })
  await page.goto(`${demo.server.url}/admin?state=ahead`)
  await signIn(page, ...demo.administrator)
  await page.getByRole('link', { name: new RegExp(NAME) }).click()
  await page.getByRole('link', { name: /^考生/ }).click()
  await page.waitForURL(/\/candidates$/)
  const { pathname } = new URL(page.url())
  const candidates = () => demo.get(`/api${pathname}`)
  const names = async () => (await candidates()).map(({ name }) => name)
  const dialog = page.getByRole('dialog', { name: '导入考生名单' })
  const choose = (rows) => dialog.getByLabel('选择名单文件').setInputFiles(file('list.csv', csv(rows)))

  // People are shown as they will be kept, and who gets no SMS; a wrong list is taken back.
  await button('导入名单').click()
  await choose([
    ['误　一', '０9１', '', ''],
    ['误二', '092', '', 'k7m2p9'],
  ])
  await dialog
    .getByRole('region', { name: '将导入为' })
    .getByRole('row', { name: /误 一\s+091\s+没有手机号/ })
    .waitFor()
  await dialog.getByText('2 名没有手机号').waitFor()
  await dialog.getByRole('button', { name: '导入 2 名考生' }).click()
  await button('撤销导入').click()
  await page.getByText('已撤销导入，移除 2 名考生').waitFor()
  assert.deepEqual(await names(), ['高一', '钱二', '孙三'])

  // A corrected list brings who is there up to date.
  await button('导入名单').click()
  await choose([
    ['高一一', '3001', '', ''],
    ['误三', '093', '', ''],
    ['误四', '094', '', ''],
  ])
  await dialog.getByRole('region', { name: '名单中的问题' }).getByText('重复').waitFor()
  await dialog.getByLabel('用名单更新已有考生').click()
  await dialog.getByRole('region', { name: '将更新的内容' }).getByText('姓名：高一 → 高一一').waitFor()
  await dialog.getByText('0 名没有变化；2 名已有考生不在名单中，将保留不变。').waitFor()
  await dialog.getByRole('button', { name: '新增 2 名，更新 1 名' }).click()
  await dialog.waitFor({ state: 'hidden' })
  assert.deepEqual(await names(), ['误三', '误四', '高一一', '钱二', '孙三'])

  // Those whom a search finds go together.
  await page.getByLabel('查找考号、姓名、手机或邀请码').fill('误')
  await page.getByLabel('选择筛选出的全部 2 名未进入考生').press('Space')
  await button('移除 2 名').click()
  const sure = page.getByRole('alertdialog', { name: '移除 2 名考生？' })
  await sure.getByText('误三、误四').waitFor()
  await sure.getByRole('button', { name: '移除 2 名' }).click()
  await page.getByText('已移除 2 名考生').waitFor()
  assert.deepEqual(await names(), ['高一一', '钱二', '孙三'])

  // Accounts come from a list; their passwords are seen once.
  await page.getByRole('link', { name: '账号' }).click()
  await button('批量创建').click()
  const accounts = page.getByRole('dialog', { name: '批量创建账号' })
  const list = Buffer.from('姓名,账号,角色\n陈考官,chen.list,考官\n赵秘书,zhao.list,\n')
  await accounts.getByLabel('选择账号名单').setInputFiles(file('accounts.csv', list))
  await accounts.getByRole('button', { name: '创建 2 个账号' }).click()
  await page.getByRole('heading', { name: '已创建 2 个账号' }).waitFor()
  const password = page
    .locator('[data-passwords]')
    .getByRole('row', { name: /chen\.list/ })
    .getByRole('cell')
    .last()
  assert.match(await password.innerText(), /^[a-z0-9]{5}(-[a-z0-9]{5}){3}$/)
  await button('已保存，关闭').click()

  // A copy has nobody to be examined.
  await page.getByRole('navigation', { name: '管理' }).getByRole('link', { name: '面谈' }).click()
  await button(`复制${NAME}`).click()
  await page
    .getByRole('dialog', { name: '复制面谈' })
    .getByRole('button', { name: '复制', exact: true })
    .click()
  await page.getByRole('heading', { name: `${NAME}（副本）` }).waitFor()
  await person.close()
})

test('the deployment is looked at, and for each thing it is said how it is and what to type', async () => {
  const person = await browser.page({ name: 'administrator', ...DESK })
  const { page } = person
  await page.goto(`${demo.server.url}/admin/settings`)
  await signIn(page, ...demo.administrator)
  await page.getByRole('button', { name: '开始检查' }).click()
  await page.locator('[data-doctor]').waitFor()
  const things = await page.locator('[data-doctor] li').allTextContents()
  const thing = (name) => things.find((text) => text.includes(name))
  assert.match(thing('网页端口'), /正常.*viva listens on/)
  assert.match(thing('数据库'), /正常.*SQLite answers/)
  assert.match(thing('短信'), /注意.*outbox.*set `sms`/)
  assert.equal(await page.locator('[data-doctor]').getAttribute('data-doctor'), 'warning')
  await page.getByRole('button', { name: '再检查一次' }).waitFor()
  await person.close()
})

test('words of SMS are drawn as they go out, while a rehearsal is open too', async () => {
  const person = await browser.page({ name: 'administrator', ...DESK })
  const { page } = person
  await page.goto(`${demo.server.url}/admin/settings`)
  await signIn(page, ...demo.administrator)
  const [usual, rehearsing] = ['usual', 'rehearsing'].map((of) => page.locator(`[data-preview="${of}"]`))
  await rehearsing
    .first()
    .getByText(/演练已于.*（北京时间，UTC\+8）开始/)
    .waitFor()
  assert.equal(await usual.first().getByText('演练').count(), 0)
  const units = async (of) => Number(/(\d+) 字/.exec(await of.first().innerText())[1])
  assert.ok((await units(rehearsing)) > (await units(usual)), 'it says more')

  // Own words have a place for it, and are drawn once.
  const invitation = page.getByLabel('邀请短信')
  await invitation.fill('{name}：{code} 演练：{rehearsal}')
  await usual
    .first()
    .getByText(/演练：.*（北京时间，UTC\+8）/)
    .waitFor()
  assert.equal(await rehearsing.count(), 1, 'the reminder keeps its own')
  await person.close()
})
