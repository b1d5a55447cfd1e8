// What signing in needs of the server beyond the session itself.
import { get, post } from '../interview/api'
import type { Session } from '../interview/types'

/** Whether there is no administrator yet. */
export const firstNeeded = () => get<{ needed: boolean }>('/api/session/first')

export const createFirst = (body: { code: string; account: string; name: string; password: string }) =>
  post<Session>('/api/session/first', body)

export const changePassword = (old: string, fresh: string) =>
  post<unknown>('/api/session/password', { old, new: fresh })
