// A seat without a browser: a candidate who enters by the code, or one of the panel who signs in, each over the WebSocket of
// docs/protocol.md; nothing is sent or received there but what is said.
import { randomUUID } from 'node:crypto'
import WebSocket from 'ws'
import { until } from './until.js'

/** Somebody in a seat of the interview, once `sits` is done. */
class Seated {
  #server
  #cookie = ''
  #socket = null
  #answers = new Map()
  #next = 1

  constructor(server, name) {
    this.#server = server
    this.name = name
    /** All that this seat knows of the interview; null before it has sat. */
    this.view = null
    /** Why the server has closed the connection; null while it has not. */
    this.closed = null
  }

  /** Asks over HTTP; the cookie of the answer is kept. */
  async ask(path, body, method = 'POST') {
    const headers = { 'x-viva': '1', cookie: this.#cookie }
    if (body !== undefined) headers['content-type'] = 'application/json'
    const response = await fetch(`${this.#server.url}${path}`, {
      method,
      headers,
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${this.name}: ${path}: ${response.status} ${await response.text()}`)
    const [cookie] = response.headers.getSetCookie()
    if (cookie) this.#cookie = cookie.split(';')[0]
    return response.status === 204 ? undefined : response.json()
  }

  /** Takes the seat that this token opens, and has seen the interview. */
  async join(token) {
    this.view = this.closed = null
    const socket = new WebSocket(`${this.#server.url.replace(/^http/, 'ws')}/ws`)
    this.#socket = socket
    socket.on('message', (text) => this.#take(JSON.parse(text)))
    socket.on('close', () => this.#lose(socket))
    // What went wrong is in the promises below.
    socket.on('error', () => undefined)
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    await this.#say({ type: 'hello', version: 1, client: 'viva-driven' })
    await this.#say({ type: 'join', token })
    await this.knows('the interview', () => true)
  }

  /** Does something in the interview; fulfilled when it stands. */
  async act(action) {
    await this.#say({ type: 'act', command: randomUUID(), action })
  }

  /** Waits until the view is so; gives the view. */
  knows(what, so, options) {
    return until(`${this.name} knows ${what}`, () => this.view !== null && so(this.view) && this.view, {
      look: async () => this.closed ?? this.view,
      ...options,
    })
  }

  /** The connection is lost, without a word. */
  async drops() {
    const socket = this.#socket
    const gone = new Promise((resolve) => socket.once('close', resolve))
    socket.terminate()
    await gone
  }

  #say(message) {
    const id = this.#next++
    const answer = new Promise((resolve, reject) => this.#answers.set(id, { resolve, reject }))
    this.#socket.send(JSON.stringify({ ...message, id }))
    return answer
  }

  #take(message) {
    const { type, re } = message
    if (type === 'interview') this.view = message.view
    else if (type === 'interview_change') this.view = changed(this.view, message)
    else if (type === 'closed') this.closed = message.reason
    const waiting = this.#answers.get(re)
    if (!waiting) return
    this.#answers.delete(re)
    if (type === 'error') waiting.reject(new Error(`${this.name}: ${message.code}: ${message.detail}`))
    else waiting.resolve(message)
  }

  #lose(socket) {
    if (socket !== this.#socket) return
    for (const { reject } of this.#answers.values())
      reject(new Error(`${this.name}: the connection has ended: ${this.closed ?? 'lost'}`))
    this.#answers.clear()
  }
}

/** The view with the fields and the elements of lists that are different now. */
function changed(view, { fields = {}, lists = {} }) {
  const next = { ...view, ...fields }
  for (const [name, { length, elements }] of Object.entries(lists)) {
    const list = (next[name] ?? []).slice(0, length)
    for (const [place, element] of elements) list[place] = element
    next[name] = list
  }
  return next
}

/** A candidate with an invitation: `{ name, phone, code }`. */
export class DrivenCandidate extends Seated {
  #demo

  constructor(demo, { name, phone, code }) {
    super(demo.server, name)
    this.#demo = demo
    Object.assign(this, { phone, code })
  }

  /** From the code through all checks into the waiting room. */
  async arrives() {
    await this.#tell('invitation', { code: this.code })
    await this.#tell('identity/send')
    await this.#tell('identity/verify', { code: await this.#demo.smsCode(this.phone) })
    for (const check of ['speaker', 'microphone', 'camera'])
      await this.#tell(`checks/${check}`, { passed: true, device: 'of the test' })
    await this.sits()
  }

  /** Takes the seat, or takes it again. */
  async sits() {
    const { token } = await this.#tell('seat')
    await this.join(token)
  }

  /** What the pages without a connection see. */
  looks() {
    return this.ask('/api/candidate', undefined, 'GET')
  }

  /** Confirms the result that is told, without a connection. */
  async confirms() {
    const { result } = await this.looks()
    await this.#tell('confirm', { revision: result.revision })
  }

  #tell(path, body = {}) {
    return this.ask(`/api/candidate/${path}`, body)
  }
}

/** Somebody of the staff with an account: `{ name, account, password }`, in this seat. */
export class DrivenStaff extends Seated {
  static async sit(server, { name, account, password, seat }) {
    const staff = new DrivenStaff(server, name)
    await staff.ask('/api/session', { account, password })
    const { token } = await staff.ask(`/api/seats/${seat}/token`)
    await staff.join(token)
    return staff
  }

  /** Hands in a sheet with the same points, in hundredths, for each criterion. */
  async scores(candidate, points) {
    const all = Object.fromEntries(this.view.criteria.map(({ id }) => [id, points]))
    await this.act({ do: 'save_scores', candidate, points: all, remark: '' })
    await this.act({ do: 'submit_scores', candidate })
  }
}
