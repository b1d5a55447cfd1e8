// A candidate on the way from the invitation to the room, as a person walks it: by the labels on the screen.
import { Person } from './person.js'
import { until } from './until.js'

/** A page that a candidate has in front of them. */
export class Candidate extends Person {
  /** Somebody with an invitation: `{ url, phone, password }`. */
  constructor(person, { invitation, phone, password = null, demo }) {
    super(person.page, person)
    Object.assign(this, { invitation, phone, password, demo })
  }

  button(name) {
    return this.page.getByRole('button', { name })
  }

  /** Waits until the step's own page is shown. */
  async at(step) {
    await until(`${this.name} is at ${step}`, () => new URL(this.page.url()).pathname === `/candidate/${step}`, {
      look: async () => `${this.page.url()} ${await this.text()}`,
    })
  }

  /** The same page, after a reload. */
  async reload(step) {
    await this.page.reload()
    await this.at(step)
  }

  async invited() {
    await this.page.goto(this.invitation.url)
    await this.button('进入面谈房间').click()
  }

  async passPassword() {
    await this.at('password')
    await this.page.getByLabel('面谈密码', { exact: true }).fill(this.password)
    await this.page.keyboard.press('Enter')
  }

  async passIdentity() {
    await this.at('identity')
    await this.button('发送验证码').click()
    const code = await this.demo.smsCode(this.phone)
    await this.page.getByLabel('短信验证码').fill(code)
    await this.button('验证').last().click()
  }

  async passChecks({ between = async () => undefined } = {}) {
    await this.at('speaker')
    await between('speaker')
    await this.button('可以听见').click()
    await this.at('microphone')
    await between('microphone')
    await this.button('可以听见').click()
    await this.at('camera')
    await between('camera')
    await this.button('可以看见').click()
    await this.at('waiting')
  }

  /** All the way, without a look to the side. */
  async walk() {
    await this.invited()
    if (this.password !== null) await this.passPassword()
    await this.passIdentity()
    await this.passChecks()
    await this.button('正式进入面谈系统').click()
    await this.entered()
  }
}
