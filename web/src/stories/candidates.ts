// Made-up candidates for looking at their pages while developing.
import { type ChatHistory, Refused, Store } from '../client'
import type { Page } from '../candidate/flow'
import { NO_SETTINGS } from '../candidate/no-settings'
import type { CandidatePageVisit, VisitState, World } from '../candidate/session'
import { Problem } from '../interview/api'
import type { CandidateView, ChatLine, StageView } from '../interview/types'
import { openMedia } from '../room/seat'
import { FACE_STORIES, faceSocket } from './face-talk'
import { story } from './people'
import { storyClock, storyMarks } from './scene'

const STAGES: StageView[] = [
  { name: '候考', kind: 'waiting', minutes: null },
  { name: '宣讲', kind: 'briefing', minutes: 10 },
  { name: '面谈', kind: 'interview', minutes: 20 },
  { name: '评议', kind: 'deliberation', minutes: null },
  { name: '公布', kind: 'announcement', minutes: null },
  { name: '成绩确认', kind: 'confirmation', minutes: 5 },
  { name: '结束', kind: 'end', minutes: null },
]

const line = (
  id: string,
  mine: boolean,
  ago: number,
  text: string,
  to: 'all' | 'candidate' = 'candidate',
): ChatLine => ({
  id,
  at: Date.now() - ago * 1000,
  from: mine ? 'me' : 'host',
  from_name: mine ? '林晓' : '王老师',
  from_role: mine ? 'candidate' : 'host',
  audience: to === 'all' ? { to } : { to, candidate: 'me' },
  text,
})

const BEFORE = ['password', 'identity', 'pledge', 'speaker', 'microphone', 'camera'] as const
const early = (page: Page): page is (typeof BEFORE)[number] => BEFORE.some((one) => one === page)

/** The view on a page; `flags` as in the address of the story. */
function storyView(page: Page, flags: ReadonlySet<string>): CandidateView {
  const now = Date.now()
  const passed = (device: string) => ({ passed: true, device, at: now })
  const stage = [...flags]
    .map((flag) => STAGES.findIndex(({ kind }) => kind === flag))
    .find((index) => index >= 0)
  const inRoom = page === 'room'
  const at = stage ?? (inRoom ? 2 : page === 'end' ? 6 : 0)
  return {
    role: 'candidate',
    interview: '0b7f3a52c9d81e64',
    rehearsal: flags.has('rehearsal'),
    name: '2027 年硕士研究生招生复试 · 计算机科学与技术 · 第三考场',
    stages: STAGES,
    stage: at,
    stage_since: now - 252_000,
    stage_of_all: at,
    marks: storyMarks(at),
    helm: { taken_by: null, empty_since: flags.has('nohost') ? 1 : null },
    clock: inRoom ? storyClock(at, now - 252_000, flags.has('paused')) : null,
    now,
    time_zone: 'Asia/Shanghai',
    seat: 'me',
    person: '林晓',
    step: early(page)
      ? page
      : inRoom
        ? 'admitted'
        : page === 'end'
          ? flags.has('removed')
            ? 'removed'
            : 'left'
          : 'waiting',
    way: storyWay(page, flags),
    number: '100032027001',
    phone_hint: '138****5678',
    sms: flags.has('sent')
      ? { resend_at: now + 42_000, expires_at: now + 282_000, tries_left: flags.has('tries') ? 2 : 5 }
      : null,
    locked: flags.has('locked'),
    locked_until: null,
    hand: flags.has('hand'),
    muted: false,
    photo: true,
    papers: [],
    may_add_papers: false,
    slides: null,
    face: faceView(flags, now),
    staff_check: {
      offered: !flags.has('nostaff'),
      asked_at: flags.has('asks') ? now : null,
      failure: flags.has('unseen') ? { at: now, reason: '证件照片反光，请调整角度后重试' } : null,
    },
    pledge: page === 'pledge' ? { text: PLEDGE, version: 1 } : null,
    identity: { method: 'sms', passed_at: now, reason: null },
    checks: {
      speaker: flags.has('failed')
        ? { ...passed(''), passed: false }
        : passed('扬声器 (Realtek High Definition Audio)'),
      microphone: flags.has('failed') ? { ...passed(''), passed: false } : passed('麦克风阵列'),
      camera: flags.has('failed') ? { ...passed(''), passed: false } : passed('HD Webcam'),
    },
    device_troubles: [],
    newest_line: null,
    starts_at: flags.has('planned') ? now + 1_800_000 : null,
    ahead: flags.has('next') ? 0 : 2,
    deferred: flags.has('deferred'),
    current: inRoom,
    addressed: flags.has('addressed'),
    has_word: flags.has('word'),
    may_share: flags.has('share'),
    second_camera: {
      wish: flags.has('second') ? 'asked' : 'off',
      paired: flags.has('paired'),
      online: flags.has('paired') && !flags.has('away'),
    },
    result:
      flags.has('confirmation') || flags.has('confirmed')
        ? {
            outcome: '拟录取',
            points: 8650,
            remark: '请于 4 月 10 日前在系统中确认接收待录取通知。',
            published_at: now - 60_000,
            revision: 1,
            correction: null,
          }
        : null,
    result_withdrawn_at: null,
    confirmed_at: flags.has('confirmed') ? now - 20_000 : null,
    may_confirm: flags.has('confirmation') && !flags.has('confirmed'),
    let_go_at: page === 'released' ? now : null,
  }
}

/** With the pledge where a story has one; `again`: asked once more. */
function storyWay(page: Page, flags: ReadonlySet<string>): CandidateView['way'] {
  const pledge = page === 'pledge' || flags.has('pledged') ? (['pledge'] as const) : []
  const steps = flags.has('again')
    ? (['identity', 'waiting'] as const)
    : (['identity', ...pledge, 'speaker', 'microphone', 'camera', 'waiting'] as const)
  const here = steps.findIndex((step) => step === page)
  return steps.map((step, at) => ({ step, done: at < here }))
}

function faceView(flags: ReadonlySet<string>, at: number): CandidateView['face'] {
  const face = FACE_STORIES.some((flag) => flags.has(flag))
  const offer = face || flags.has('consent') ? 'open' : flags.has('nophoto') ? 'no_photo' : 'off'
  return {
    offer: flags.has('usedup') ? 'used_up' : offer,
    attempts_left: flags.has('usedup') ? 0 : 3,
    turn: true,
    consent: face ? { terms: { version: 1, kept_days: 30, verifier: 'viva' }, given: true, at } : null,
  }
}

const PLEDGE = `本人郑重承诺：

一、本人所提供的身份信息和报名材料真实、准确、完整，由本人亲自参加本次面谈，不由他人代替。
二、面谈全程独立作答，房间内除本人外没有其他人员；不查阅书籍、资料和网络，不使用任何通讯工具与外界联系。
三、不录音、不录像、不截屏，不以任何方式保存、传播面谈的内容和试题，面谈结束前后均不泄露。
四、服从工作人员的安排，全程开启摄像头和麦克风，不无故离开画面，不更换场所。
五、如违反以上承诺，自愿接受取消面谈资格、成绩无效等处理，并承担相应责任。`

const ADVICE =
  '1. 检查耳机或音箱是否已接好、音量是否打开；\n2. 在下拉列表中换一个设备后重新检测；\n3. 关闭其他正在使用音视频的软件，或重新打开浏览器。'

export interface CandidateStory {
  visit: CandidatePageVisit
  client: ReturnType<typeof story>['client']
  view: CandidateView
}

/** A candidate on a page, with a room of made-up people. */
export function candidateStory(page: Page, flags: ReadonlySet<string>): CandidateStory {
  const view = storyView(page, flags)
  const people = story(flags.has('addressed') || flags.has('alone') ? 1 : 4, flags)
  const state = new Store<VisitState>({
    loaded: true,
    unreachable: flags.has('unreachable'),
    view,
    settings: {
      ...NO_SETTINGS,
      institution: '示例大学研究生院',
      hotline: '400-000-0000',
      hotline_hours: '工作日 8:00–18:00',
      texts: { zh: { speaker_advice: ADVICE, microphone_advice: ADVICE, camera_advice: ADVICE }, en: {} },
    },
    entered: flags.has('again') || (!early(page) && !flags.has('ready')),
    replaced: false,
    occupied: false,
    rehearsed: false,
    seatProblem: null,
  })
  const nothing = () => Promise.resolve()
  const chat = new Store<ChatHistory>({ lines: lines(page, flags), more: flags.has('earlier'), loaded: true })
  const views = new Store<CandidateView | null>(view)
  const change = (part: Partial<CandidateView>) => {
    const newest = { ...(views.value ?? view), ...part }
    views.set(newest)
    state.patch({ view: newest })
  }
  const newest = () => Promise.resolve(views.value ?? view)
  const staffCheck = (asked_at: number | null) => {
    change({ staff_check: { ...view.staff_check, asked_at } })
    return newest()
  }
  const asked: Partial<World['api']> = {
    trouble: newest,
    askStaff: () => staffCheck(Date.now()),
    dropStaff: () => staffCheck(null),
    confirm: () => {
      change({ confirmed_at: Date.now(), may_confirm: false })
      return newest()
    },
    consent: ({ version, kept_days, verifier }, given) => {
      const consent = { terms: { version, kept_days, verifier }, given, at: Date.now() }
      change({ face: { ...(views.value ?? view).face, consent } })
      return newest()
    },
  }
  const visit: CandidatePageVisit = {
    state,
    media: inRoomMedia(page, flags)
      ? ({
          ...people.media,
          watchDevices: nothing,
          reopen: nothing,
          close: () => undefined,
        } as unknown as CandidatePageVisit['media'])
      : openMedia(false),
    desk: {
      view: views,
      chat,
      earlier: () => {
        chat.patch({ lines: [line('0', false, 500, '欢迎参加复试。'), ...chat.value.lines], more: false })
        return Promise.resolve()
      },
      now: () => Date.now(),
      act: (action) => {
        if (action.do === 'say') {
          if (flags.has('toofast')) return Promise.reject(new Refused('rate_limited', '', 12))
          const said = {
            ...line(String(100 + chat.value.lines.length), true, 0, action.text),
            audience: action.audience,
          }
          chat.patch({ lines: [...chat.value.lines, said] })
        }
        if (action.do === 'confirm') change({ confirmed_at: Date.now(), may_confirm: false })
        return Promise.resolve()
      },
    },
    attend: () => undefined,
    now: () => Date.now(),
    isElsewhere: () => Promise.resolve(false),
    enterCode: nothing,
    password: nothing,
    sendSms: () => {
      change({ sms: { resend_at: Date.now() + 60_000, expires_at: Date.now() + 300_000, tries_left: 5 } })
      return Promise.resolve()
    },
    verifySms: nothing,
    look: nothing,
    faceTerms: () =>
      Promise.resolve({
        ready: !flags.has('unready'),
        version: 1,
        kept_days: 30,
        verifier: 'viva',
        service: null,
      }),
    ask: async (what) => {
      await what(asked as Parameters<typeof what>[0])
    },
    show: () => Promise.resolve({ watched: flags.has('watched'), pause: 1_000 }),
    faceSocket: () =>
      faceSocket(flags, (passed) => {
        const { face } = views.value ?? view
        const left = face.attempts_left - 1
        if (!passed)
          change({ face: { ...face, attempts_left: left, offer: left === 0 ? 'used_up' : face.offer } })
      }),
    pledge: (version) => {
      if (!flags.has('changed') || version > 1) return Promise.resolve()
      change({ pledge: { text: PLEDGE, version: version + 1 } })
      return Promise.reject(new Problem(409, { code: 'pledge_changed' }))
    },
    check: (check, passed, device) => {
      change({ checks: { ...view.checks, [check]: { passed, device, at: Date.now() } } })
      return Promise.resolve()
    },
    enter: () => state.patch({ entered: true }),
    leave: nothing,
    comeBack: nothing,
  }
  return { visit, client: people.client, view }
}

function lines(page: Page, flags: ReadonlySet<string>): ChatLine[] {
  if (flags.has('quiet')) return []
  return [
    line('1', false, 400, '您好，请保持页面打开，轮到您时会自动进入。'),
    line('2', false, 380, '请准备好身份证和准考证。'),
    line('3', true, 300, '好的，已经准备好了，谢谢老师！'),
    ...(page === 'room' ? [line('4', false, 60, '请各位考生注意时间，自我介绍不超过三分钟。', 'all')] : []),
  ]
}

/** The drawn camera of the room; the checks open the real devices. */
function inRoomMedia(page: Page, flags: ReadonlySet<string>): boolean {
  return page === 'room' || (page === 'waiting' && !flags.has('ready')) || page === 'identity'
}
