// A candidate on the way from the invitation to the room, as a person walks it: by the labels on the screen.
import { Person } from './person.js'
import { until } from './until.js'

/** The candidates of the demo, in the order of its invitations. */
const PEOPLE = [
  { name: '李华', phone: '13800138001' },
  { name: '王芳', phone: '13800138002' },
]

/** A page that a candidate has in front of them. */
export class Candidate extends Person {
  /** One of the demo's candidates, at this page. */
  static of(demo, index, person) {
    const password = index === 1 ? demo.password : null
    const candidate = new Candidate(person, {
      invitation: demo.invitations[index],
      phone: PEOPLE[index].phone,
      password,
      demo,
    })
    candidate.name = PEOPLE[index].name
    return candidate
  }

  /** Somebody with an invitation: `{ url, phone, password }`. */
  constructor(person, { invitation, phone, password = null, demo }) {
    super(person.page, person)
    Object.assign(this, { invitation, phone, password, demo })
  }

  /** By Playwright with all it can; elsewhere a button can be pressed. */
  button(name) {
    return (
      this.page.getByRole?.('button', { name }) ?? {
        click: () => pressByText(this.page, name),
      }
    )
  }

  /** Writes into the field with this label. */
  async fill(label, text) {
    if (this.page.getByLabel) await this.page.getByLabel(label, { exact: true }).fill(text)
    else await typeByLabel(this.page, label, text)
  }

  /** Waits until the step's own page is shown. */
  async at(step) {
    const path = () => this.page.evaluate(() => location.pathname)
    await until(`${this.name} is at ${step}`, async () => (await path()) === `/candidate/${step}`, {
      look: async () => `${this.page.url()} ${await this.text()}`,
    })
  }

  /** The same page, after a reload. */
  async reload(step) {
    await this.page.reload()
    await this.at(step)
  }

  /** Waits until the page says so. */
  async reads(text) {
    await this.page.getByText(text).first().waitFor({ timeout: 60_000 })
  }

  /** Waits until the newest frame of the face check is right: the words above the frame name that hint too. */
  async faceIsRight() {
    await this.page.locator('[data-line]').filter({ hasText: '很好' }).waitFor({ timeout: 60_000 })
  }

  /** 开始校验, as soon as a frame is right. */
  async beginFaceCheck() {
    await this.faceIsRight()
    await this.button('开始校验').click()
  }

  async invited() {
    await this.page.goto(this.invitation.url)
    await this.button('进入面谈房间').click()
  }

  async passPassword() {
    await this.at('password')
    await this.fill('面谈密码', this.password)
    await this.page.keyboard.press('Enter')
  }

  async passIdentity() {
    await this.at('identity')
    await this.button('发送验证码').click()
    const code = await this.demo.smsCode(this.phone)
    await this.fill('短信验证码', code)
    await this.button(/^验证$/).click()
  }

  /** The last yes leads into the waiting room. */
  async passChecks({ between = async () => undefined } = {}) {
    await this.at('speaker')
    await between('speaker')
    await this.button('可以听见').click()
    await this.at('microphone')
    await between('microphone')
    await this.hearsThemselves()
    await this.button('可以听见').click()
    await this.at('camera')
    await between('camera')
    await this.button('可以看见').click()
    await this.at('waiting')
    await this.entered()
  }

  /** At the check of the microphone: nobody can say that they hear it before it was played back. */
  async hearsThemselves() {
    await this.button(/^(录音 3 秒并回放|重新录音)$/).click()
  }

  /** All the way, without a look to the side. */
  async walk() {
    await this.invited()
    if (this.password !== null) await this.passPassword()
    await this.passIdentity()
    await this.passChecks()
  }

  /** On the page that a reload before the waiting room leads to. */
  async enter() {
    await this.button('正式进入面谈系统').click()
    await this.entered()
  }

  // Where the way itself is not what matters ---------------------------------------------------------------------------

  /** Has proved who they are without the pages, and sees the speaker check. */
  async proved() {
    await this.tell('invitation', { code: this.invitation.code })
    if (this.password !== null) await this.tell('password', { password: this.password })
    await this.tell('identity/send')
    await this.tell('identity/verify', {
      code: await this.demo.smsCode(this.phone),
    })
    await this.page.goto(`${this.demo.server.url}/candidate`)
    await this.at('speaker')
  }

  /** In the waiting room, without the pages before it. */
  async arrives() {
    await this.proved()
    for (const check of ['speaker', 'microphone', 'camera'])
      await this.tell(`checks/${check}`, {
        passed: true,
        device: 'of the test',
      })
    await this.reload('waiting')
    await this.enter()
  }

  /** Says something without the pages. */
  async tell(path, data = {}) {
    const url = `${this.demo.server.url}/api/candidate/${path}`
    const answer = await this.page.context().request.post(url, { headers: { 'x-viva': '1' }, data })
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`)
  }
}

/** The first button in sight with this text that can be pressed, over Puppeteer. */
async function pressByText(page, text) {
  const handle = await until(`there is a button ${text}`, async () => {
    const found = await page.evaluateHandle(
      (wanted) => {
        const says = (label) =>
          wanted.whole ? wanted.text.split('|').includes(label) : label.includes(wanted.text)
        return (
          [...document.querySelectorAll('button')].find(
            (button) => !button.disabled && says(button.innerText.trim()),
          ) ?? null
        )
      },
      text instanceof RegExp
        ? { whole: true, text: text.source.replace(/^\^\(?|\)?\$$/g, '') }
        : { whole: false, text },
    )
    return found.asElement()
  })
  await handle.click()
}

async function typeByLabel(page, label, text) {
  const handle = await until(`there is a field ${label}`, async () => {
    const found = await page.evaluateHandle(
      (wanted) =>
        [...document.querySelectorAll('label')].find(({ innerText }) => innerText.trim() === wanted)
          ?.control ?? null,
      label,
    )
    return found.asElement()
  })
  await handle.type(text)
}
