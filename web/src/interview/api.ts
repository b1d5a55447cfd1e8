// HTTP with the server: JSON both ways, problems as typed errors.
import type { ErrorCode } from '../client'
import type {
  CandidateView,
  ChatPart,
  Check,
  DeviceProblem,
  FaceTerms,
  SecondCameraView,
  Session,
  Settings,
  StaffSeat,
} from './types'

export type ProblemCode = ErrorCode

/** The server refused a request. */
export class Problem extends Error {
  readonly status: number
  readonly code: ProblemCode
  /** In English, for the developer; for `invitation_early` the opening time with its zone. */
  readonly detail: string
  /** The person's text. */
  readonly text: Record<'zh' | 'en', string>
  /** Seconds after which it may be tried again, where the server says so. */
  readonly retryAfter: number | null
  /** The whole answer: some problems say more. */
  readonly body: Readonly<Record<string, unknown>>

  constructor(status: number, body: Readonly<Record<string, unknown>>, retryAfter: number | null = null) {
    const code = typeof body.code === 'string' ? (body.code as ProblemCode) : codeOf(status)
    super(`${status} ${code}`)
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.detail = typeof body.detail === 'string' ? body.detail : ''
    this.text = textsOf(body)
    this.retryAfter = retryAfter
    this.body = body
  }
}

/** No answer came: the network, or a server that is starting again. */
export class Unreachable extends Error {
  constructor() {
    super('the server could not be reached')
    this.name = 'Unreachable'
  }
}

/** Milliseconds. */
const TIMEOUT = 15_000
/** An upload may take its time. */
const UPLOAD_TIMEOUT = 300_000

export interface RequestOptions {
  /** A seat's token, instead of the cookie. */
  bearer?: string
}

/**
 * One request. A plain value travels as JSON, a form or a file as it is; the answer is JSON, or undefined when empty.
 * @throws {@link Problem} when refused, {@link Unreachable} when there was no answer
 */
export async function request<T>(
  method: string,
  path: string,
  body?: unknown,
  options: RequestOptions = {},
): Promise<T> {
  const raw = body instanceof FormData || body instanceof Blob
  // Another site's page cannot set this header without asking first: it is the guard against forged requests.
  const headers: Record<string, string> = { accept: 'application/json', 'X-Viva': '1' }
  if (body !== undefined && !raw) headers['content-type'] = 'application/json'
  if (options.bearer !== undefined) headers.authorization = `Bearer ${options.bearer}`
  const init: RequestInit = {
    method,
    headers,
    credentials: 'same-origin',
    cache: 'no-store',
    signal: AbortSignal.timeout(raw ? UPLOAD_TIMEOUT : TIMEOUT),
  }
  if (body !== undefined) init.body = raw ? body : JSON.stringify(body)
  let response: Response
  let text: string
  try {
    response = await fetch(path, init)
    text = await response.text()
  } catch {
    throw new Unreachable()
  }
  const value = parse(text)
  if (response.ok) return value as T
  // A gateway in front of a server that is starting again answers for it, in its own words.
  if (response.status >= 502 && typeof record(value).code !== 'string') throw new Unreachable()
  const wait = Number(response.headers.get('retry-after') ?? NaN)
  throw new Problem(response.status, record(value), Number.isFinite(wait) ? wait : null)
}

export const get = <T>(path: string, options?: RequestOptions) => request<T>('GET', path, undefined, options)
export const post = <T>(path: string, body: unknown = {}, options?: RequestOptions) =>
  request<T>('POST', path, body, options)
export const put = <T>(path: string, body: unknown) => request<T>('PUT', path, body)
const remove = <T = void>(path: string) => request<T>('DELETE', path)

export const settings = () => get<Settings>('/api/settings')

/** Where the candidate's own papers are. */
export const OWN_PAPERS = '/api/candidate/papers'

/** The bytes of a file; null where there are none to be had. */
export async function file(path: string, options: RequestOptions = {}): Promise<Blob | null> {
  const headers: Record<string, string> = { 'X-Viva': '1' }
  if (options.bearer !== undefined) headers.authorization = `Bearer ${options.bearer}`
  try {
    const init: RequestInit = { headers, credentials: 'same-origin', cache: 'no-store' }
    const response = await fetch(path, { ...init, signal: AbortSignal.timeout(UPLOAD_TIMEOUT) })
    return response.ok ? await response.blob() : null
  } catch {
    return null
  }
}

/** What a candidate's pages ask for; the cookie says who asks. */
export const candidate = {
  view: () => get<CandidateView>('/api/candidate'),
  invitation: (code: string) => post<CandidateView>('/api/candidate/invitation', { code }),
  password: (password: string) => post<CandidateView>('/api/candidate/password', { password }),
  sendSms: () => post<CandidateView>('/api/candidate/identity/send'),
  verifySms: (code: string) => post<CandidateView>('/api/candidate/identity/verify', { code }),
  faceTerms: () => get<FaceTerms>('/api/candidate/identity/face'),
  consent: ({ version, kept_days, verifier }: FaceTerms, given: boolean) =>
    post<CandidateView>('/api/candidate/identity/consent', { version, kept_days, verifier, given }),
  /** Asks the staff for a look, over pictures that go one way; or does not want it any more. */
  askStaff: () => post<CandidateView>('/api/candidate/identity/staff'),
  dropStaff: () => remove<CandidateView>('/api/candidate/identity/staff'),
  show: (jpeg: Blob) => post<{ watched: boolean; pause: number }>('/api/candidate/identity/picture', jpeg),
  pledge: (version: number) => post<CandidateView>('/api/candidate/pledge', { version }),
  check: (check: Check, passed: boolean, device: string) =>
    post<CandidateView>(`/api/candidate/checks/${check}`, { passed, device }),
  /** What keeps the page from using a device; null when it can use it again. */
  trouble: (check: Check, problem: DeviceProblem | null) =>
    post<CandidateView>(`/api/candidate/checks/${check}/trouble`, { problem }),
  /** The newest lines that the candidate may read, those after this one. */
  chat: (after: string | null) =>
    get<ChatPart>(`/api/candidate/chat${after === null ? '' : `?after=${after}`}`),
  /** Writes to the hosts; the id is the same at each try. */
  say: (id: string, text: string) => post<CandidateView>('/api/candidate/say', { id, text }),
  seat: () => post<{ token: string }>('/api/candidate/seat'),
  confirm: (revision: number) => post<CandidateView>('/api/candidate/confirm', { revision }),
  leave: () => post<CandidateView>('/api/candidate/leave'),
  comeBack: () => post<CandidateView>('/api/candidate/return'),
  paper: (number: number) => file(`${OWN_PAPERS}/${number}`),
  removePaper: (number: number) => remove<CandidateView>(`${OWN_PAPERS}/${number}`),
  secondCamera: () => post<{ code: string; expires_at: number }>('/api/candidate/second-camera'),
  dropSecondCamera: () => remove<CandidateView>('/api/candidate/second-camera'),
}

/** What the page of a paired phone asks for. */
export const secondCamera = {
  pair: (code: string) => post<SecondCameraView>('/api/second-camera', { code }),
  seat: () => post<{ token: string }>('/api/second-camera/seat'),
  leave: () => remove('/api/second-camera'),
}

/** What the staff's pages ask for before they hold a seat. */
export const staff = {
  session: () => get<Session>('/api/session'),
  signIn: (account: string, password: string) => post<Session>('/api/session', { account, password }),
  signOut: () => remove('/api/session'),
  /** What a seat is: for the account that has it, or by the seat's own token. */
  about: (seat: string, bearer: string | null) =>
    get<StaffSeat>(`/api/seats/${encodeURIComponent(seat)}`, bearer === null ? {} : { bearer }),
  seat: (seat: string) => post<{ token: string }>(`/api/seats/${encodeURIComponent(seat)}/token`),
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown)
  } catch {
    return undefined
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** The texts stand in `text`, or beside the code. */
function textsOf(body: Readonly<Record<string, unknown>>): Record<'zh' | 'en', string> {
  const texts = typeof body.text === 'object' ? record(body.text) : body
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return { zh: text(texts.zh), en: text(texts.en) }
}

/** What an answer without a code most likely means. */
function codeOf(status: number): ProblemCode {
  if (status === 401) return 'unauthorized'
  if (status === 413) return 'too_large'
  if (status === 429) return 'rate_limited'
  return status >= 500 ? 'internal' : 'malformed'
}
