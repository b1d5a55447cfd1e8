// Somebody of the staff in their seat, as they lead an interview: by the labels on the screen.
import { Person } from './person.js'
import { until } from './until.js'

const DESK = { viewport: { width: 1440, height: 900 }, fps: 8 }

/** A page with a seat of the panel in it. */
export class Staff extends Person {
  /** At the door of the seat, through the link that the demo has printed. */
  static async knock(browser, link, { name, look, ...context }) {
    const person = await browser.page({ name, look, ...DESK, ...context })
    const staff = new Staff(person.page, person)
    await staff.page.goto(link)
    return staff
  }

  /** In the seat, without being asked. */
  static async sit(browser, link, who) {
    const staff = await Staff.knock(browser, link.replace('#', '?auto#'), who)
    await staff.entered()
    return staff
  }

  /** A page that is signed in to an account, and nowhere yet. */
  static async signedIn(browser, server, { account, password }, { name, look, ...context }) {
    const person = await browser.page({ name, look, ...DESK, ...context })
    const answer = await person.page.context().request.post(`${server.url}/api/session`, {
      headers: { 'x-viva': '1' },
      data: { account, password },
    })
    if (!answer.ok()) throw new Error(`${name}: ${answer.status()} ${await answer.text()}`)
    return new Staff(person.page, person)
  }

  button(name) {
    return this.page.getByRole('button', { name })
  }

  /** A question that must be answered. */
  get question() {
    return this.page.getByRole('alertdialog')
  }

  /** Opens one of the tabs beside the tiles, and gives what is in it. */
  async tab(name) {
    await this.page.getByRole('tab', { name }).click()
    return this.page.getByRole('tabpanel', { name })
  }

  /** Looks at one candidate, and gives what may be done with them. */
  async choose(name) {
    await this.button(`查看 ${name}`).click()
    return this.page.getByRole('region', { name, exact: true })
  }

  /** Goes to the stage with this name, by the list of all where it is not the next one; `confirm` answers the question before. */
  async stage(name, confirm) {
    const next = this.button(new RegExp(`^下一阶段\\s*${name}`))
    if (await next.isVisible()) await next.click()
    else {
      await this.button('切换到其他阶段').click()
      await this.page.getByRole('menuitem', { name }).click()
    }
    if (confirm) await this.question.getByRole('button', { name: confirm }).click()
    await until(`the interview is at ${name}`, async () => (await this.current()) === name, {
      look: () => this.current(),
    })
  }

  /** Calls the next candidate in and leads them to the interview, in which both see and hear each other. */
  async interviews(candidate) {
    await this.button(/^叫入下一位/).click()
    await this.stage('宣讲')
    await candidate.at('room')
    await this.stage('面谈')
    await this.meets(candidate)
    await candidate.meets(this)
  }

  /** The stage that is marked as the current one. */
  current() {
    return this.page.locator('[aria-current="step"]').first().innerText()
  }

  /** Writes to the people behind this button: 全体, 考官组, a candidate's name; without one to those who are open. */
  async says(text, to = null) {
    const panel = await this.tab('消息')
    if (to !== null) await panel.getByRole('button', { name: to }).click()
    await panel.getByRole('textbox').fill(text)
    await panel.getByRole('button', { name: '发送' }).click()
    await panel.getByRole('log').getByText(text).waitFor()
  }
}
