// What the pages of administration ask the server for.
import { file, request as plainRequest } from '../interview/api'
import { addressOf, upload } from '../papers/upload'
import type {
  Criterion,
  LetsGo,
  PaperView,
  PictureCodec,
  Role,
  SecondCamera,
  QuestionSet,
  ShowsMean,
  Settings,
  SettingsText,
  StageView,
  Step,
} from '../interview/types'
import type { Language } from '../i18n/locale'
import { watched } from '../signin/session'
import type { IdentityBody } from './identity-form'
import type { Minutes } from './minutes'
import type { ImportRow } from '../protocol/interview'
import type { SmsSample, SmsText } from './sms'

/** What an administrator decides about an interview. Times are milliseconds since 1970, points hundredths. */
export interface InterviewBody extends IdentityBody {
  name: string
  opens_at: number
  closes_at: number
  stages: StageView[]
  criteria: Criterion[]
  second_camera: SecondCamera
  picture_codec: PictureCodec
  lets_go: LetsGo
  /** The IANA name of the zone in which its times are told. */
  time_zone: string
  shows_mean: ShowsMean
  questions: QuestionSet[]
}

export interface Interview extends InterviewBody {
  id: string
  created_at: number
  /** How many there are. */
  candidates: number
  staff: number
}

/** What is different in a copy. */
export interface CopyBody {
  name: string
  opens_at: number
  closes_at: number
  /** With the seats of the staff. */
  panel: boolean
}

export type StaffRole = Exclude<Role, 'candidate'>

/** A seat of the panel or of the patrol, held by an account. */
export interface StaffSeat {
  seat: string
  account: string
  name: string
  role: StaffRole
  /** A host who may publish a result although something stands in the way. */
  chair: boolean
}

/** Opens a seat of the staff that belongs to no account. */
export interface StaffLink {
  link: string
  expires_at: number
}

export type SmsState = 'none' | 'kept' | 'queued' | 'sent' | 'failed'

export interface Candidate {
  seat: string
  name: string
  number: string
  phone: string
  /** Of the invitation, in groups of four. */
  code: string
  link: string
  password_set: boolean
  photo: boolean
  /** How many papers there are. */
  papers: number
  step: Step | 'invited'
  sms: SmsState
  /** When an SMS last went to the outbox. */
  invited_at: number | null
  reminded_at: number | null
  /** The own time; null: when the interview opens. */
  starts_at: number | null
}

/** An SMS as a candidate would get it now. */
export interface LookedAt {
  text: string
  parts: number
}

/** Who was, or would be, reminded. */
export interface Reminded {
  reminded: number
  /** SMS that it takes, each part counted. */
  parts: number
  /** What the first of them reads. */
  text: string | null
  /** Who is not, by why. */
  skipped: Record<'no_phone' | 'passed' | 'out' | 'recent', number>
}

/** What came of invitations by SMS. */
export interface Queued {
  queued: number
  /** They stay in the outbox: no provider is set. */
  kept: boolean
  /** Got none for want of a phone. */
  without_phone: number
  /** Got none because they had one before, or have entered. */
  invited_before: number
}

/** A password of null leaves the old one, or none; an empty one takes it away. */
export interface CandidateBody {
  name: string
  number: string
  phone: string
  password: string | null
  /** The own time; null: when the interview opens. */
  starts_at: number | null
}

/** An account that was, or would be, made from a table. */
export interface MadeAccount {
  account: string
  name: string
  administrator: boolean
  /** Told once; absent where nothing was made. */
  password?: string
}

export interface MadeAccounts {
  added: number
  administrators: number
  /** All of them; where it was only looked, the first. */
  accounts: MadeAccount[]
  /** Headings of columns that are not used. */
  ignored: string[]
}

/** One thing that is wrong with a file; rows count as the person's table program counts them, 0 is the whole file. */
export interface ImportProblem {
  row: number
  column: string
  problem: string
  /** As table programs name it: `B7`. */
  cell?: string
  /** How much there may be. */
  limit?: number
  /** What of the cell is meant, or with what it does not go together. */
  text?: string
}

/** What a column of a list is taken for. */
export type ColumnMeaning = 'name' | 'number' | 'phone' | 'password' | 'time' | 'ignore'

/** How a list is to be read; what is absent is found out by the server. */
export interface ImportChoices {
  encoding?: string
  sheet?: string
  /** 0 where there are no headings. */
  heading_row?: number
  /** By the letters of the columns. */
  columns?: Record<string, ColumnMeaning>
  hidden_rows?: 'take' | 'skip'
  /** Photos with which no face can be compared. */
  unfit_photos?: 'take' | 'skip'
}

/** A candidate as an import keeps it. */
export interface ShownPerson {
  name: string
  number: string
  /** Empty where there is none. */
  phone: string
  password: boolean
  photo: boolean
  /** The own time; null: when the interview opens. */
  starts_at: number | null
}

/** A candidate who was known, before an import and after it. */
export interface ShownChange {
  before: ShownPerson
  after: ShownPerson
  new_password: boolean
  new_photo: boolean
}

/** What was, or would be, imported. */
export interface Imported {
  added: number
  /** Known, with other data or another photo. */
  changed: number
  /** Known, and as they are. */
  unchanged: number
  /** In the interview, but not in a list that updates: they stay. */
  missing: number
  without_phone: number
  /** The first of those who are new. */
  people: ShownPerson[]
  /** The first of those who change. */
  changes: ShownChange[]
  /** By what it can be undone. */
  import?: string
  /** Photos that were not looked at, are unfit, or are nobody's. */
  warnings?: ImportProblem[]
}

export interface PreviewColumn {
  /** Its letter. */
  column: string
  heading: string
  /** Null where nobody knows. */
  meaning: ColumnMeaning | null
  /** What it looks like, where a person must decide. */
  likely: ColumnMeaning | null
  hidden: boolean
  /** Rows of people in which something stands. */
  filled: number
}

/** How a list would be read. */
export interface ImportPreview {
  encoding: string | null
  encodings: { encoding: string; names: string[] }[]
  sheet: string | null
  sheets: { name: string; hidden: boolean; rows: number; people: boolean }[]
  heading_row: number
  columns: PreviewColumn[]
  rows: { row: number; hidden: boolean; cells: { text: string; problem?: string }[] }[]
  people: number
  hidden: number
  /** Pictures in the sheet. */
  pictures: number
  faults: ImportProblem[]
}

export interface Message {
  id: string | number
  at: number
  phone: string
  kind: 'invitation' | 'reminder' | 'identity' | 'trial'
  text: string
  state: string
  attempts: number
  error: string | null
}

export interface Account {
  account: string
  name: string
  administrator: boolean
  disabled: boolean
}

export interface AdminSettings extends Omit<Settings, 'demo' | 'texts'> {
  texts: Record<'zh' | 'en', Partial<Record<SettingsText | 'sms_invitation' | 'sms_reminder', string>>>
  /** In which language SMS go out. */
  sms_language: 'zh' | 'en'
  /** Days after the end of an interview; null keeps for good. */
  retention_days: number | null
}

/** A candidate as a search for personal data finds them. */
export interface FoundPerson {
  interview: string
  interview_name: string
  closed: boolean
  seat: string
  name: string
  number: string
  phone: string
  /** Was taken out of the list, and still stands in the records. */
  removed: boolean
}

/** Something that was done to personal data. */
export interface Deed {
  id: number
  at: number
  actor: string
  deed: string
  interview: string | null
  seat: string | null
  detail: string
}

/** What is wrong with the server. */
export interface Health {
  concerns: { code: string; detail: string; stops: boolean }[]
  /** Bytes of the disk of the data directory. */
  disk_free: number | null
  disk_size: number | null
}

/** One thing that was looked at in the deployment; detail and remedy are for the operator. */
export interface Finding {
  check:
    | 'settings'
    | 'server'
    | 'web'
    | 'media'
    | 'certificate'
    | 'addresses'
    | 'proxies'
    | 'clock'
    | 'kernel'
    | 'disk'
    | 'database'
    | 'sms'
  verdict: 'ok' | 'warning' | 'wrong'
  detail: string
  remedy: string | null
}

/** Everything that was found, with the worst verdict of all. */
export interface Report {
  verdict: Finding['verdict']
  findings: Finding[]
}

export const request = <T>(method: string, address: string, body?: unknown) =>
  watched(plainRequest<T>(method, address, body))
const get = <T>(address: string) => request<T>('GET', address)
const post = <T>(address: string, body: unknown = {}) => request<T>('POST', address, body)
const put = <T>(address: string, body: unknown) => request<T>('PUT', address, body)
const remove = (address: string) => request<void>('DELETE', address)

const path = (...parts: string[]) => `/api/admin/${parts.map(encodeURIComponent).join('/')}`

/** What can be downloaded of an interview. */
export type ExportFile =
  | 'results.xlsx'
  | 'invitations.xlsx'
  | 'results.csv'
  | 'invitations.csv'
  | 'scores.xlsx'
  | 'candidates.xlsx'
  | 'audit.xlsx'
  | 'audit.jsonl'
  | 'scores.csv'
  | 'candidates.csv'
  | 'audit.csv'

export const interviews = {
  all: () => get<Interview[]>(path('interviews')),
  one: (id: string) => get<Interview>(path('interviews', id)),
  create: (body: InterviewBody) => post<Interview>(path('interviews'), body),
  change: (id: string, body: InterviewBody) => put<Interview>(path('interviews', id), body),
  /** Another one like it; without candidates. */
  copy: (id: string, body: CopyBody) => post<Interview>(path('interviews', id, 'copy'), body),
  remove: (id: string) => remove(path('interviews', id)),
  /** Deletes a closed one with everything; the name is typed before. */
  erase: (id: string, name: string) => post<void>(path('interviews', id, 'erase'), { name }),
  /** The address of a file to download, with labels in this language; without one as programs read it. */
  file: (id: string, name: ExportFile, lang: Language | null) =>
    path('interviews', id, name) + (lang === null ? '' : `?lang=${lang}`),
  minutes: (id: string) => get<Minutes>(path('interviews', id, 'minutes')),
}

export const panel = {
  all: (id: string) => get<StaffSeat[]>(path('interviews', id, 'staff')),
  add: (id: string, body: Omit<StaffSeat, 'seat' | 'chair'>) =>
    post<StaffSeat>(path('interviews', id, 'staff'), body),
  mark: (id: string, seat: string, chair: boolean) =>
    put<void>(path('interviews', id, 'staff', seat, 'chair'), { chair }),
  remove: (id: string, seat: string) => remove(path('interviews', id, 'staff', seat)),
  link: (id: string, seat: string) => post<StaffLink>(path('interviews', id, 'staff', seat, 'link'), {}),
}

export const people = {
  find: (by: 'number' | 'phone', text: string) =>
    get<FoundPerson[]>(`${path('people')}?${by}=${encodeURIComponent(text)}`),
  /** The address of everything that is kept of one. */
  archive: ({ interview, seat }: FoundPerson) =>
    path('interviews', interview, 'candidates', seat, 'person.zip'),
  erase: ({ interview, seat }: FoundPerson, number: string, keep_result: boolean) =>
    post<void>(path('interviews', interview, 'candidates', seat, 'erase'), { number, keep_result }),
  deeds: (before: number | null) => get<Deed[]>(path('audit') + (before === null ? '' : `?before=${before}`)),
}

export const candidates = {
  all: (id: string) => get<Candidate[]>(path('interviews', id, 'candidates')),
  add: (id: string, body: CandidateBody) => post<Candidate>(path('interviews', id, 'candidates'), body),
  change: (id: string, seat: string, body: CandidateBody) =>
    put<Candidate>(path('interviews', id, 'candidates', seat), body),
  remove: (id: string, seat: string) => remove(path('interviews', id, 'candidates', seat)),
  /** @param unfit what becomes of a photo with which no face can be compared; null refuses it */
  photo: (id: string, seat: string, file: Blob, unfit: 'take' | null) =>
    put<{ warnings?: ImportProblem[] }>(
      `${path('interviews', id, 'candidates', seat, 'photo')}${unfit ? `?unfit_photo=${unfit}` : ''}`,
      file,
    ),
  /** Where the photo is seen. */
  photoAddress: (seat: string) => `/api/candidates/${encodeURIComponent(seat)}/photo`,
  papers: (id: string, seat: string) =>
    get<PaperView[]>(path('interviews', id, 'candidates', seat, 'papers')),
  addPaper: (id: string, seat: string, paper: File, slides: boolean, progress: (share: number) => void) =>
    watched(
      upload<PaperView[]>(
        addressOf(path('interviews', id, 'candidates', seat, 'papers'), paper.name, slides),
        paper,
        progress,
      ),
    ),
  removePaper: (id: string, seat: string, number: number) =>
    request<PaperView[]>('DELETE', path('interviews', id, 'candidates', seat, 'papers', String(number))),
  paper: (seat: string, number: number) =>
    file(`/api/candidates/${encodeURIComponent(seat)}/papers/${number}`),
  invite: (id: string, seat: string) => post<Queued>(path('interviews', id, 'candidates', seat, 'invite')),
  inviteAll: (id: string) => post<Queued>(path('interviews', id, 'invite')),
  /** All of these, or none. */
  removeAll: (id: string, seats: readonly string[]) =>
    post<{ removed: number }>(path('interviews', id, 'candidates', 'remove'), { seats }),
  imports: (id: string) => get<ImportRow[]>(path('interviews', id, 'imports')),
  undoImport: (id: string, one: string) =>
    request<{ removed: number }>('DELETE', path('interviews', id, 'imports', one)),
  sms: (id: string, seat: string, text: SmsText) =>
    get<LookedAt>(path('interviews', id, 'candidates', seat, 'sms', text)),
  /** Null reminds all; whoever needs no reminder gets none. A dry run only counts. */
  remind: (id: string, seats: readonly string[] | null, dryRun: boolean) =>
    post<Reminded>(`${path('interviews', id, 'remind')}${dryRun ? '?dry_run=true' : ''}`, { seats }),
  /** How a list would be read; nothing is taken. */
  preview(id: string, file: File, choices: ImportChoices): Promise<ImportPreview> {
    const form = new FormData()
    form.append('file', file, file.name)
    form.append('choices', JSON.stringify(choices))
    return request('POST', path('interviews', id, 'candidates', 'import', 'preview'), form)
  },
  /** All or nothing; a dry run only checks. `update`: who has a number of the list gets what the list says. */
  import(
    id: string,
    files: { file: File; photos: File | null },
    choices: ImportChoices,
    how: { dryRun: boolean; update: boolean },
  ): Promise<Imported> {
    const form = new FormData()
    form.append('file', files.file, files.file.name)
    form.append('choices', JSON.stringify(choices))
    if (files.photos) form.append('photos', files.photos, files.photos.name)
    const asked = `?dry_run=${how.dryRun}&update=${how.update}`
    return request('POST', path('interviews', id, 'candidates', 'import') + asked, form)
  },
}

export const outbox = {
  after: (id: string | number | null) =>
    get<Message[]>(`${path('outbox')}${id === null ? '' : `?after=${encodeURIComponent(id)}`}`),
  before: (id: string | number) => get<Message[]>(`${path('outbox')}?before=${encodeURIComponent(id)}`),
}

export const health = {
  read: () => get<Health>(path('health')),
}

export const doctor = {
  read: () => get<Report>(path('doctor')),
}

export const accounts = {
  all: () => get<Account[]>(path('accounts')),
  add: (body: Omit<Account, 'disabled'> & { password: string }) => post<Account>(path('accounts'), body),
  change: (account: string, body: Partial<Omit<Account, 'account'>> & { password?: string }) =>
    put<Account>(path('accounts', account), body),
}

/** Accounts from a table; passwords are told once. */
export const importAccounts = (file: File, dryRun: boolean): Promise<MadeAccounts> => {
  const form = new FormData()
  form.append('file', file, file.name)
  return request('POST', `${path('accounts', 'import')}?dry_run=${dryRun}`, form)
}

export const settings = {
  read: () => get<AdminSettings>(path('settings')),
  write: (body: AdminSettings) => put<AdminSettings>(path('settings'), body),
}

export const sms = {
  sample: () => get<SmsSample>(path('sms', 'sample')),
  /** Empty words are the usual ones. */
  trial: (body: { phone: string; text: SmsText; language: 'zh' | 'en'; words: string }) =>
    post<{ kept: boolean; parts: number }>(path('sms', 'trial'), body),
}
