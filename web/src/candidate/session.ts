// A candidate's visit: the newest view, whichever way it came, and all that a page may ask for.
import {
  backoff,
  type ChatHistory,
  type Client,
  type ClientState,
  ConnectionLost,
  type LocalMedia,
  NO_HISTORY,
  Store,
} from '../client'
import { type candidate as candidateApi, Problem, Unreachable } from '../interview/api'
import { Desk, type DeskLike, ServerClock } from '../interview/desk'
import type { CandidateView, Check, FaceTerms, SeatAction, Settings } from '../interview/types'
import type { Shown } from '../face/showing'
import { isBefore, isCheck, pageOf } from './flow'
import { isForgotten } from './forgotten'
import { NO_SETTINGS } from './no-settings'
import { Letters } from './letters'
import { Tab, type TabChannel } from './tab'

/** What a visit needs of the world. */
export interface World {
  api: Omit<typeof candidateApi, 'secondCamera' | 'dropSecondCamera' | 'paper' | 'removePaper'>
  settings: () => Promise<Settings>
  media: LocalMedia
  /** A client for the seat with this token. */
  client: (token: string, seat: string) => Client
  channel: TabChannel | null
  /** The WebSocket of a face check. */
  faceSocket: () => WebSocket
  /** Remembers in this tab whether the person has entered. */
  memory: { load(): string | null; save(seat: string | null): void }
  now: () => number
}

export interface VisitState {
  /** False until the server has answered for the first time. */
  loaded: boolean
  /** The server does not answer; it is asked again. */
  unreachable: boolean
  view: CandidateView | null
  settings: Settings
  /** The person has pressed 正式进入面谈系统, or was in the room before the page was loaded again. */
  entered: boolean
  /** Another tab or device leads the seat. */
  replaced: boolean
  /** Another tab leads the seat: the person is asked where to go on. */
  occupied: boolean
  /** What this browser was in was a rehearsal, and is over: the interview itself is still to come. */
  rehearsed: boolean
  /** Why the seat could not be taken; trying again may help. */
  seatProblem: unknown
}

/** Milliseconds between looks at the server while there is no WebSocket, and when all is over. */
const LOOK_EVERY = 4_000
const LOOK_SELDOM = 15_000
/** While the messages are open an answer is waited for. */
const LOOK_FOR_ANSWER = 2_000
/** Of a server that does not answer: later and later. */
const LOOK_AT_NOBODY = { first: LOOK_EVERY, longest: 30_000 }
/** Milliseconds: a seat that is closed so soon after it was taken is not taken again by itself. */
const SOON = 5_000

/** One visit, as long as the page lives. */
export class Visit {
  readonly state = new Store<VisitState>({
    loaded: false,
    unreachable: false,
    view: null,
    settings: NO_SETTINGS,
    entered: false,
    replaced: false,
    occupied: false,
    rehearsed: false,
    seatProblem: null,
  })
  /** The client of the taken seat; null while there is none. */
  readonly client = new Store<Client | null>(null)
  readonly media: LocalMedia
  readonly #world: World
  readonly #view = new Store<CandidateView | null>(null)
  /** Of the newest client; what was read before it stays in sight until it knows more. */
  readonly #chat = new Store<ChatHistory>(NO_HISTORY)
  readonly #clock = new ServerClock()
  readonly #letters: Letters
  /** The messages are in sight. */
  #attends = false
  readonly #tab: Tab
  #desk: Desk<CandidateView> | null = null
  #taking = false
  /** Until the other tabs have had time to answer, the seat is nobody's. */
  #asking = false
  #takenAt = -Infinity
  /** Looks in a row without an answer. */
  #missed = 0
  #closed = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #unwatch: () => void = () => {}

  constructor(world: World) {
    this.#world = world
    this.media = world.media
    this.#letters = new Letters(world.api, this.#chat)
    this.#tab = new Tab(world.channel, () => this.#replaced())
  }

  /** The seat's desk, for the waiting room and the room. */
  readonly desk: DeskLike<CandidateView> = {
    view: this.#view,
    chat: this.#chat,
    earlier: () => this.client.value?.earlier() ?? Promise.resolve(),
    act: (action) => this.act(action),
    now: () => this.now(),
  }

  /** The server's clock. */
  now(): number {
    return this.#clock.now(this.#world.now())
  }

  /**
   * Starts, from wherever the server knows this candidate to be.
   * @param anew with an invitation of its own in the address: what was open before waits until the person decides
   */
  async start(anew = false): Promise<void> {
    void this.#world.settings().then(
      (settings) => this.state.patch({ settings }),
      () => undefined,
    )
    if (anew) this.state.patch({ loaded: true })
    else await this.look()
  }

  /** Asks the server where the candidate is. */
  async look(): Promise<void> {
    clearTimeout(this.#timer)
    try {
      this.#take(await this.#world.api.view())
      this.#missed = 0
      this.state.patch({ loaded: true, unreachable: false })
    } catch (error) {
      if (isForgotten(error)) this.#forget(error)
      else {
        this.#missed++
        this.state.patch({ unreachable: true })
      }
    }
    this.#lookAgain()
  }

  /** Whether another tab of this browser is in an interview: entering with a code would end it there. */
  isElsewhere(): Promise<boolean> {
    return this.#tab.isLed(null)
  }

  /**
   * Whoever enters with a code wants to be here, and leads.
   * @throws `Problem`, `Unreachable` as all that follow
   */
  async enterCode(code: string): Promise<void> {
    const view = await this.#world.api.invitation(code)
    this.#letters.forget()
    this.#take(view, 'lead')
    this.state.patch({ loaded: true, unreachable: false })
    this.#lookAgain()
  }

  async password(password: string): Promise<void> {
    this.#take(await this.#known(this.#world.api.password(password)))
  }

  async sendSms(): Promise<void> {
    this.#take(await this.#known(this.#world.api.sendSms()))
  }

  async verifySms(code: string): Promise<void> {
    try {
      this.#take(await this.#known(this.#world.api.verifySms(code)))
    } catch (error) {
      // A wrong code has cost a try: the page shows how many are left.
      if (this.state.value.view) await this.look()
      throw error
    }
  }

  /** To what the person consents where faces are compared. */
  faceTerms(): Promise<FaceTerms> {
    return this.#known(this.#world.api.faceTerms())
  }

  /** Asks for something that is answered by the newest view, and has no more to it. */
  async ask(what: (api: World['api']) => Promise<CandidateView>): Promise<void> {
    this.#take(await this.#known(what(this.#world.api)))
  }

  /** Shows a picture to the staff. */
  show(jpeg: Blob): Promise<Shown> {
    return this.#known(this.#world.api.show(jpeg))
  }

  faceSocket(): WebSocket {
    return this.#world.faceSocket()
  }

  /** Accepts the pledge of this version. */
  async pledge(version: number): Promise<void> {
    try {
      this.#take(await this.#known(this.#world.api.pledge(version)))
    } catch (error) {
      // Another text is to be read.
      if (error instanceof Problem && error.code === 'pledge_changed') await this.look()
      throw error
    }
  }

  /** The messages are in sight: answers are looked for more often. */
  attend(open: boolean): void {
    this.#attends = open
    if (open && !this.client.value) void this.look()
  }

  /** After the last check that passes the person is taken in: there is nothing more to press. */
  async check(check: Check, passed: boolean, device: string): Promise<void> {
    this.#take(await this.#known(this.#world.api.check(check, passed, device)))
  }

  /** 正式进入面谈系统. */
  enter(): void {
    const { view } = this.state.value
    if (!view) return
    this.#world.memory.save(view.seat)
    this.state.patch({ entered: true })
    this.#follow()
  }

  /** Asks for something in the interview, until it is answered. */
  async act(action: SeatAction): Promise<void> {
    if (this.#desk) return this.#desk.act(action)
    if (action.do !== 'say') throw new ConnectionLost()
    this.#take(await this.#known(this.#letters.say(action.text)))
  }

  /** Leaves; coming back is possible until the interview ends. */
  async leave(): Promise<void> {
    this.#take(await this.#known(this.#world.api.leave()))
    await this.client.value?.leave()
  }

  /** Back from having left by mistake, or from being let go: into the waiting room at once. */
  async comeBack(): Promise<void> {
    this.#take(await this.#known(this.#world.api.comeBack()))
    if (this.state.value.view?.step === 'waiting') this.enter()
    else this.#lookAgain()
  }

  /** Leads the seat here again, after another tab or device did. */
  async here(): Promise<void> {
    const { view } = this.state.value
    this.state.patch({ replaced: false, occupied: false, seatProblem: null })
    if (view) this.#tab.lead(view.seat)
    await this.look()
  }

  /** Tries again to take the seat. */
  again(): void {
    this.state.patch({ seatProblem: null })
    this.#follow()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#dropClient()
    this.#tab.close()
    this.media.close()
  }

  /** The newest view counts, whichever way it came. A seat that is new to this tab is asked about first. */
  #take(view: CandidateView, how: 'ask' | 'lead' = 'ask'): void {
    if (this.#closed) return
    const before = this.state.value.view
    if (before?.seat === view.seat && before.now > view.now) return
    this.#clock.heard(view.now, this.#world.now())
    if (before?.seat !== view.seat) {
      if (before) this.#letters.forget()
      this.state.patch({
        entered: this.#world.memory.load() === view.seat,
        replaced: false,
        occupied: false,
      })
      if (how === 'lead') this.#tab.lead(view.seat)
      else void this.#claim(view.seat)
    }
    // The server shows it to nobody any more; the person's screen is not looked at without need.
    if (!view.may_share) this.client.value?.screen.stop()
    this.#view.set(view)
    this.state.patch({ view })
    if (!this.client.value) void this.#letters.follow(view)
    // Let pass by a host: there is nothing more to press here either.
    const wasChecked = before?.seat === view.seat && isCheck(before.step)
    if (wasChecked && view.step === 'waiting') this.enter()
    else this.#follow()
  }

  /** Leads the seat, unless another tab does: then the person decides. */
  async #claim(seat: string): Promise<void> {
    this.#asking = true
    const led = await this.#tab.isLed(seat)
    this.#asking = false
    if (this.#closed || this.state.value.view?.seat !== seat) return
    if (led) {
      this.#dropClient()
      this.media.close()
      clearTimeout(this.#timer)
      this.state.patch({ occupied: true })
    } else {
      this.#tab.lead(seat)
      this.#follow()
    }
  }

  /** A refusal of the cookie leads back to the invitation, whatever was asked. */
  async #known<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer
    } catch (error) {
      if (isForgotten(error)) this.#forget(error)
      // The page is behind: it goes where the person is.
      if (error instanceof Problem && error.code === 'another_step') void this.look()
      throw error
    }
  }

  /** The cookie is of no more use. */
  #forget(why: Problem): void {
    if (why.code === 'rehearsal_over') this.#world.memory.save(null)
    this.#dropClient()
    this.media.close()
    this.#view.set(null)
    this.#letters.forget()
    this.#tab.yield()
    this.state.patch({
      loaded: true,
      unreachable: false,
      view: null,
      entered: false,
      occupied: false,
      rehearsed: why.code === 'rehearsal_over',
      seatProblem: null,
    })
  }

  /** Takes the seat where the page needs it, and gives media back at the end. */
  #follow(): void {
    const { view, entered, replaced, occupied, seatProblem } = this.state.value
    const page = pageOf(view, entered)
    if (page === 'end') {
      this.#dropClient()
      this.media.close()
      this.#world.memory.save(null)
      // What closed the seat stands in the view; who is admitted again comes back by themselves.
      if (seatProblem !== null) this.state.patch({ seatProblem: null })
      this.#lookAgain()
    } else if (page === 'released') {
      // Camera and microphone are off; a call, or coming back, takes the seat again.
      this.#dropClient()
      this.media.close()
      if (seatProblem !== null) this.state.patch({ seatProblem: null })
      this.#lookAgain()
    } else if (view && isBefore(view.step)) {
      // Asked once more who it is: the seat is left until that is known, and so are camera and microphone.
      if (this.client.value) {
        this.#dropClient()
        this.media.close()
        this.#lookAgain()
      }
      if (seatProblem !== null) this.state.patch({ seatProblem: null })
    } else if (page === 'room' || (page === 'waiting' && entered)) {
      const free = !replaced && !occupied && !this.#asking
      if (free && seatProblem === null) void this.#takeSeat()
    }
  }

  async #takeSeat(): Promise<void> {
    const { view } = this.state.value
    if (!view || this.#taking || this.client.value || this.#closed) return
    this.#taking = true
    try {
      const { token } = await this.#world.api.seat()
      if (this.#closed) return
      void this.media.open()
      const client = this.#world.client(token, view.seat)
      const desk = new Desk<CandidateView>(client)
      const stops = [
        desk.view.watch((newest) => newest && this.#take(newest)),
        client.state.watch((state) => this.#clientChanged(state)),
        client.chat.state.watch((chat) => this.#chat.set(chat)),
      ]
      this.#unwatch = () => {
        for (const stop of stops) stop()
        desk.close()
      }
      this.#desk = desk
      this.#takenAt = this.#world.now()
      this.#world.memory.save(view.seat)
      this.state.patch({ entered: true, unreachable: false })
      this.client.set(client)
      client.enter()
    } catch (error) {
      if (isForgotten(error)) this.#forget(error)
      else if (error instanceof Unreachable) this.state.patch({ unreachable: true })
      else this.state.patch({ seatProblem: error })
    } finally {
      this.#taking = false
      this.#lookAgain()
    }
  }

  #clientChanged({ phase, ending }: ClientState): void {
    if (phase !== 'ended' || !ending) return
    this.#dropClient()
    if (ending.kind === 'closed' && ending.reason === 'replaced') this.#replaced()
    // Why the seat is closed stands in the view: removed, left, over, or only a token that has run out.
    else if (
      this.#world.now() - this.#takenAt > SOON &&
      (ending.kind === 'closed' || ending.code === 'unauthorized')
    )
      void this.look()
    else void this.#sayWhy(ending)
  }

  /** A seat that is closed right after it was taken would be closed again: the person decides when to try. */
  async #sayWhy(ending: NonNullable<ClientState['ending']>): Promise<void> {
    this.state.patch({ seatProblem: ending })
    await this.look()
  }

  #replaced(): void {
    this.#dropClient()
    this.media.close()
    clearTimeout(this.#timer)
    this.#tab.yield()
    this.state.patch({ replaced: true })
  }

  #dropClient(): void {
    this.#unwatch()
    this.#unwatch = () => {}
    this.#desk = null
    const client = this.client.value
    this.client.set(null)
    // Only the connection ends here; the seat stays with the candidate.
    if (client && client.state.value.phase !== 'ended') client.close()
  }

  /** Without a WebSocket somebody else's word, such as an override by the host, is only seen by looking. */
  #lookAgain(): void {
    clearTimeout(this.#timer)
    const { view, unreachable, replaced, occupied, entered } = this.state.value
    if (this.#closed || replaced || occupied || this.client.value) return
    if (view ? view.step === 'left' : !unreachable) return
    // Who was removed may be admitted again, and waits for it; what is over stays so.
    const seldom = pageOf(view, entered) === 'end' && view?.step !== 'removed' ? LOOK_SELDOM : LOOK_EVERY
    const usual = this.#attends ? Math.min(LOOK_FOR_ANSWER, seldom) : seldom
    const wait = unreachable && this.#missed > 1 ? backoff(this.#missed - 1, 0, LOOK_AT_NOBODY) : usual
    this.#timer = setTimeout(() => void this.look(), wait)
  }
}

/** What pages need of a visit; the stories have made-up ones. */
export type CandidatePageVisit = Pick<
  Visit,
  | 'state'
  | 'media'
  | 'desk'
  | 'now'
  | 'isElsewhere'
  | 'enterCode'
  | 'password'
  | 'sendSms'
  | 'verifySms'
  | 'faceTerms'
  | 'ask'
  | 'show'
  | 'faceSocket'
  | 'look'
  | 'pledge'
  | 'attend'
  | 'check'
  | 'enter'
  | 'leave'
  | 'comeBack'
>
