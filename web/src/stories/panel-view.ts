// A made-up interview: its stages, candidates with their progress, sheets and messages.
import type {
  CandidateCard,
  ChatLine,
  Check,
  CheckView,
  FaceTrialView,
  PanelView,
  Sheet,
  StageKind,
} from '../interview/types'
import { card } from '../staff/sample'
import { STAGES, storyClock, storyMarks } from './scene'

const MINUTE = 60_000
const START = Date.now() - 95 * MINUTE
const LETTERS = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛']
const candidateSeat = (index: number) => `c${index}`.padEnd(16, '0')
export const EXAMINERS = ['e1', 'e2', 'e3'].map((seat) => seat.padEnd(16, '0'))
const HOST = 'h1'.padEnd(16, '0')

const check = (passed: boolean, device: string, minutes: number): CheckView => ({
  passed,
  device,
  at: START + minutes * MINUTE,
})
const DEVICES: Record<Check, string> = {
  speaker: '扬声器 (High Definition Audio)',
  microphone: '麦克风阵列',
  camera: 'HD Webcam',
}

function candidate(index: number, change: Partial<CandidateCard>): CandidateCard {
  const passed = {
    speaker: check(true, DEVICES.speaker, 12),
    microphone: check(true, DEVICES.microphone, 14),
    camera: check(true, DEVICES.camera, 15),
  }
  return card(candidateSeat(index), {
    name: `考生${LETTERS[index] ?? index}`,
    number: `2026${String(1001 + index)}`,
    identity: { method: 'sms', passed_at: START + 10 * MINUTE, reason: null },
    checks: passed,
    photo: true,
    papers: [],
    ...change,
  })
}

/** A comparison in the story, minutes after its beginning. */
const trial = (
  outcome: FaceTrialView['outcome'],
  score: number | null,
  picture: number | null,
  minutes: number,
  in_room = false,
): FaceTrialView => ({
  outcome,
  score,
  picture,
  print: null,
  verifier: 'viva',
  at: START + minutes * MINUTE,
  in_room,
})

function faceOf(trials: FaceTrialView[]): CandidateCard['face'] {
  const suspects = trials.filter(({ outcome }) => outcome === 'different' || outcome === 'changed').length
  return {
    offer: 'open',
    attempts_left: 3,
    turn: true,
    consent: { terms: { version: 1, kept_days: 30, verifier: 'viva' }, given: true, at: START + 8 * MINUTE },
    trials,
    suspects,
    pledged_at: START + 11 * MINUTE,
  }
}

const none = { speaker: null, microphone: null, camera: null }

function candidates(kind: StageKind, flags: ReadonlySet<string>): CandidateCard[] {
  const turn =
    kind === 'interview' || kind === 'announcement' || kind === 'confirmation' || kind === 'deliberation'
  const result = {
    outcome: '拟录取',
    points: 8633,
    remark: '',
    published_at: START + 90 * MINUTE,
    revision: 1,
    correction: null,
  }
  const late = kind === 'announcement' || kind === 'confirmation'
  return [
    candidate(0, {
      done: true,
      submitted: 3,
      mean: { points: 8633, sheets: 3 },
      result,
      confirmed_at: START + 92 * MINUTE,
    }),
    candidate(1, {
      ...(turn && !flags.has('nobody') ? { step: 'admitted', current: true } : { position: 1 }),
      hand: flags.has('hand'),
      question_set: flags.has('undrawn') ? null : 1,
      asked: [1],
      has_word: kind === 'briefing',
      may_share: flags.has('share'),
      second_camera: { wish: 'asked', paired: flags.has('second'), online: flags.has('second') },
      identity: {
        method: 'override',
        passed_at: START + 21 * MINUTE,
        reason: '短信未送达，已核对身份证原件',
      },
      face: faceOf([trial('different', 2710, 0, 18), trial('passed', 5127, 1, 40, true)]),
      submitted: late ? 3 : 1,
      ...(kind === 'confirmation' ? { result: { ...result, points: 8450 } } : {}),
    }),
    candidate(2, {
      position: 2,
      identity: { method: 'face', passed_at: START + 10 * MINUTE, reason: null },
      face: faceOf([trial('unclear', 3388, 0, 9), trial('passed', 6731, 1, 10)]),
      addressed: flags.has('address'),
      hand: kind === 'briefing',
    }),
    candidate(3, {
      position: 3,
      online: false,
      offline_since: START + 62 * MINUTE,
      waiver: { at: START + 50 * MINUTE, reason: '现场核对，设备可用' },
      face: faceOf([
        trial('different', 1204, 0, 8),
        trial('changed', 1811, 1, 9),
        trial('not_followed', null, null, 10),
      ]),
    }),
    candidate(4, { position: 4, deferred: true }),
    candidate(5, {
      step: 'microphone',
      online: false,
      arriving: true,
      device_troubles: [{ check: 'microphone', problem: 'denied', since: START + 94 * MINUTE }],
      checks: {
        ...none,
        speaker: check(true, DEVICES.speaker, 90),
        microphone: check(false, DEVICES.microphone, 93),
      },
      failed_check: 'microphone',
    }),
    candidate(6, {
      step: 'identity',
      online: false,
      last_seen: START + 70 * MINUTE,
      identity: { method: null, passed_at: null, reason: null },
      checks: none,
      locked_at: 'identity' as const,
    }),
    candidate(7, {
      step: 'invited',
      online: false,
      identity: { method: null, passed_at: null, reason: null },
      checks: none,
    }),
  ]
}

export function lines(): ChatLine[] {
  const line = (
    id: number,
    from: string,
    name: string,
    role: ChatLine['from_role'],
    audience: ChatLine['audience'],
    text: string,
  ): ChatLine => ({
    id: String(id),
    at: START + (60 + id * 2) * MINUTE,
    from,
    from_name: name,
    from_role: role,
    audience,
    text,
  })
  const [one = '', two = ''] = EXAMINERS
  return [
    line(1, HOST, '工作人员', 'host', { to: 'all' }, '各位考生请保持在线，按顺序叫入。'),
    line(2, one, '考官甲', 'examiner', { to: 'panel' }, '下一位请重点问研究计划。'),
    line(3, two, '考官乙', 'examiner', { to: 'panel' }, '好的，我先问专业基础，再请考官丙问英语。'),
    line(
      4,
      candidateSeat(5),
      '考生己',
      'candidate',
      { to: 'candidate', candidate: candidateSeat(5) },
      '老师您好，我的麦克风没有声音，换了一个 USB 耳机还是不行。',
    ),
    line(
      5,
      HOST,
      '工作人员',
      'host',
      { to: 'candidate', candidate: candidateSeat(5) },
      '请点“重新检测”，并检查耳机上的静音开关。',
    ),
    line(
      6,
      candidateSeat(5),
      '考生己',
      'candidate',
      { to: 'candidate', candidate: candidateSeat(5) },
      '好的，我再试一次。',
    ),
  ]
}

const QUESTIONS = [
  {
    id: 1,
    name: 'A 组',
    questions: [
      { id: 1, text: '请用三分钟介绍您的研究计划。', minutes: 3, criterion: 'research' },
      { id: 2, text: '这项研究最难的一步是什么？您打算怎样解决？', minutes: 5, criterion: 'research' },
      {
        id: 3,
        text: 'Please summarise a paper that you have read recently.',
        minutes: 4,
        criterion: 'english',
      },
    ],
  },
  {
    id: 2,
    name: 'B 组',
    questions: [{ id: 4, text: '请说明您为什么选择这个方向。', minutes: null, criterion: null }],
  },
]

const CRITERIA = [
  { id: 'base', name: '专业基础', weight: 30, min: 0, max: 10_000 },
  { id: 'research', name: '研究能力与计划', weight: 30, min: 0, max: 10_000 },
  { id: 'english', name: '外语听说', weight: 20, min: 0, max: 10_000 },
  { id: 'whole', name: '综合素质', weight: 20, min: 0, max: 10_000 },
]

function sheet(
  examiner: string,
  of: string,
  points: [number, number, number, number],
  total: number,
  submitted = true,
): Sheet {
  const [base, research, english, whole] = points
  const at = START + 70 * MINUTE
  return {
    examiner,
    candidate: of,
    points: { base, research, english, whole },
    remark: submitted ? '思路清楚，表达流畅。' : '',
    saved_at: at,
    submitted_at: submitted ? at : null,
    total,
  }
}

/** So many candidates of a long day, most of them heard and scored, some told. */
const DAY = 60

function longDay(view: PanelView): PanelView {
  const list = Array.from({ length: DAY }, (_, index): CandidateCard => {
    const heard = index < 48
    const scored = index < 45
    const outcome = ['拟录取', '候补', '不予录取'][index % 7 === 3 ? 1 : index % 5 === 4 ? 2 : 0] ?? ''
    const points = 7000 + ((index * 373) % 2400)
    const verdict = { outcome, points: index % 6 === 5 ? null : points, remark: '' }
    const told = index < 6
    return candidate(index, {
      seat: `c${String(index).padStart(15, '0')}`,
      name: `考生 ${index + 1}`,
      step: heard || index < 54 ? 'waiting' : index < 57 ? 'camera' : 'invited',
      done: heard,
      interviewed_at: heard ? START + index * MINUTE : null,
      submitted: scored ? EXAMINERS.length : heard ? 1 : 0,
      gates: [...(heard ? [] : ['not_interviewed' as const]), ...(scored ? [] : ['sheets_missing' as const])],
      mean: scored ? { points: 7000 + ((index * 373) % 2400), sheets: EXAMINERS.length } : null,
      ...(index === 48 && view.role === 'examiner' ? { step: 'admitted' as const, current: true } : {}),
      withdrawn: index === 6 ? { at: START + 95 * MINUTE, reason: '分数有误' } : null,
      draft: !told && index < 30 ? { ...verdict, revision: 1, at: START + 80 * MINUTE } : null,
      result: told ? { ...verdict, published_at: START + 90 * MINUTE, revision: 1, correction: null } : null,
      confirmed_at: index < 3 ? START + 92 * MINUTE : null,
    })
  })
  const whole = list.slice(0, 45)
  return {
    ...view,
    candidates: list,
    current: list.find(({ current }) => current)?.seat ?? null,
    slides: null,
    submitted: Object.fromEntries(
      list.slice(0, 48).map(({ seat, submitted }) => [seat, EXAMINERS.slice(0, submitted)]),
    ),
    sheets: whole.flatMap(({ seat }, index) =>
      EXAMINERS.map((examiner, which) => {
        const total = 7000 + ((index * 373) % 2400) + (which - 1) * (100 + ((index * 70) % 500))
        return sheet(examiner, seat, [total, total, total, total], total)
      }),
    ),
    locked: [],
  }
}

/** The view of one seat. `flags`: `hand`, `nobody`, `address`, `day` for the sixty of a long day. */
export function panelView(
  role: PanelView['role'],
  stage: number,
  flags: ReadonlySet<string>,
  name = '2026 年硕士研究生复试 · 第三考场',
): PanelView {
  const kind = STAGES[stage]?.kind ?? 'waiting'
  const list = candidates(kind, flags)
  const [one = '', two = '', three = ''] = EXAMINERS
  const own = role === 'examiner' ? two : role === 'host' ? HOST : 'p'.padEnd(16, '0')
  const all = [
    sheet(one, candidateSeat(0), [8800, 8500, 8200, 9000], 8630),
    sheet(two, candidateSeat(0), [9000, 8600, 8400, 8800], 8720),
    sheet(three, candidateSeat(0), [8500, 8600, 8400, 8700], 8550),
  ]
  const late = kind === 'announcement' || kind === 'confirmation'
  const second = candidateSeat(1)
  const later = [
    sheet(one, second, [8500, 8400, 8000, 8600], 8390),
    sheet(two, second, [8700, 8500, 8300, 8500], 8520),
    sheet(three, second, [8400, 8500, 8300, 8600], 8450),
  ]
  const begun: Sheet = {
    examiner: two,
    candidate: second,
    points: { base: 8700, research: 8500 },
    remark: '基础扎实。',
    saved_at: START + 94 * MINUTE,
    submitted_at: null,
    total: null,
  }
  const since = Date.now() - (flags.has('over') ? 21.2 : 13.4) * MINUTE
  const panel: PanelView = {
    role,
    interview: 'i'.padEnd(16, '0'),
    rehearsal: flags.has('rehearsal'),
    name,
    stages: STAGES,
    stage,
    stage_since: since,
    stage_of_all: stage,
    marks: storyMarks(stage),
    leads: role === 'host' || flags.has('leads'),
    helm: {
      taken_by: flags.has('leads') && role === 'examiner' ? own : null,
      empty_since: flags.has('nohost') ? 1 : null,
    },
    clock: list.some(({ current }) => current) ? storyClock(stage, since, flags.has('paused')) : null,
    now: Date.now(),
    time_zone: 'Asia/Shanghai',
    seat: own,
    person: role === 'host' ? '工作人员' : role === 'examiner' ? '考官乙' : '巡考',
    is_chair: role === 'host',
    panel: [
      ...EXAMINERS.map((seat, index) => ({
        seat,
        name: `考官${LETTERS[index] ?? ''}`,
        role: 'examiner' as const,
        online: index < 2 || !flags.has('away'),
        muted: index === 2 && flags.has('muted'),
        removed: false,
        chair: false,
      })),
      {
        seat: HOST,
        name: '工作人员',
        role: 'host' as const,
        online: true,
        muted: false,
        removed: false,
        chair: false,
      },
    ],
    candidates: list,
    current: list.find(({ current }) => current)?.seat ?? null,
    slides: null,
    criteria: CRITERIA,
    sheets: role === 'patrol' ? [] : [...all, ...(late ? later : role === 'examiner' ? [begun] : [])],
    submitted: { [candidateSeat(0)]: EXAMINERS, ...(late ? { [second]: EXAMINERS } : { [second]: [one] }) },
    locked: late ? [candidateSeat(0), second] : [candidateSeat(0)],
    questions: role === 'patrol' ? [] : QUESTIONS,
    notes:
      role === 'examiner'
        ? [
            {
              candidate: second,
              text: '追问：样本量为什么取 200？',
              kept_at: START + 93 * MINUTE,
            },
          ]
        : [],
    shows_mean: 'all_in',
    draws: [],
    incidents: [
      {
        id: '1',
        at: START + 40 * MINUTE,
        by_role: 'patrol',
        by_name: '',
        candidate: candidateSeat(0),
        note: '考生画面中断约 20 秒，已自行恢复。',
      },
    ],
  }
  return flags.has('day') ? longDay(panel) : panel
}
