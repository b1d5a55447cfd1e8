// The interview that `viva serve --demo` opens: the links that it prints, and the SMS in its outbox.
import { Server } from './server.js'
import { until } from './until.js'

/** A server with the demo's interview, and the way to every seat of it. */
export class Demo {
  #cookie = null

  static async start({ settings = {}, ...where } = {}) {
    const demo = new Demo()
    demo.server = await Server.start({ args: ['--demo'], settings, ...where })
    const log = await until(
      'the links are printed',
      () => demo.server.log.includes('password demo-') && demo.server.log,
    )
    const links = (path) =>
      [...log.matchAll(new RegExp(`https?://\\S+(/${path}\\S*)`, 'g'))].map(([, link]) => link)
    const own = (link) => `${demo.server.url}${link}`
    demo.invitations = links('i#').map((link) => ({ url: own(link), code: link.split('#')[1] }))
    demo.password = log.match(/code \S+, password (\S+)/)[1]
    demo.host = links('host/').map(own)[0]
    demo.examiners = links('examiner/').map(own)
    demo.patrol = links('patrol').map(own)[0]
    demo.administrator = log.match(/account (\S+), password (\S+)/).slice(1)
    return demo
  }

  /** The newest 6-digit code that was sent to a phone, once there is one beside those known. */
  async smsCode(phone, known = []) {
    return until(
      `an SMS with a code for ${phone}`,
      async () => {
        const messages = await this.get('/api/admin/outbox')
        const own = messages.filter(({ kind, phone: to }) => kind === 'identity' && to.endsWith(phone))
        return own
          .flatMap(({ text }) => text.match(/(?<!\d)\d{6}(?!\d)/) ?? [])
          .filter((code) => !known.includes(code))
          .at(-1)
      },
      { look: () => this.get('/api/admin/outbox') },
    )
  }

  /** Asks the server as its administrator. */
  get(path) {
    return this.#ask(path, {})
  }

  /** Tells the server something as its administrator. */
  post(path, body = {}) {
    const headers = { 'content-type': 'application/json', 'x-viva': '1' }
    return this.#ask(path, { method: 'POST', headers, body: JSON.stringify(body) })
  }

  /** Puts something in the place of what was there, as the administrator: JSON, or bytes of a type. */
  put(path, body, type = 'application/json') {
    const headers = { 'content-type': type, 'x-viva': '1' }
    const bytes = type === 'application/json' ? JSON.stringify(body) : body
    return this.#ask(path, { method: 'PUT', headers, body: bytes })
  }

  /** Hands in a form with files, as the administrator. */
  upload(path, form) {
    return this.#ask(path, { method: 'POST', headers: { 'x-viva': '1' }, body: form })
  }

  /** Removes something from the server as its administrator. */
  remove(path) {
    return this.#ask(path, { method: 'DELETE', headers: { 'x-viva': '1' } })
  }

  async #ask(path, { headers, ...how }) {
    const cookie = await this.#session()
    const response = await fetch(`${this.server.url}${path}`, { ...how, headers: { ...headers, cookie } })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.status === 204 ? undefined : response.json()
  }

  async #session() {
    if (this.#cookie) return this.#cookie
    const [account, password] = this.administrator
    const response = await fetch(`${this.server.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-viva': '1' },
      body: JSON.stringify({ account, password }),
    })
    if (!response.ok) throw new Error(`sign-in: ${response.status} ${await response.text()}`)
    this.#cookie = response.headers.getSetCookie()[0].split(';')[0]
    return this.#cookie
  }

  stop() {
    return this.server.stop()
  }
}
