// Many rooms from one table: the file to start from, and what a person can do about what is wrong with it.
import { collect, type Problems } from '../forms/fields'
import type { ImportProblem, Interview } from './api'
import { copyDraft } from './copy'
import { closesAt, opensAt, windowProblems } from './interview-form'
import { listTemplate } from './list-template'
import type { MadeRoom } from './rooms-api'

/** When the rooms open and close, by the clocks of their model. */
export interface RoomsDraft {
  opens: string
  closes: string
  timeZone: string
}

/** The times of the model, as a copy of it would have them. */
export function roomsDraft(model: Interview, now: number): RoomsDraft {
  const { opens, closes, timeZone } = copyDraft(model, '', now)
  return { opens, closes, timeZone }
}

export const roomsProblems = (draft: RoomsDraft): Problems => collect(windowProblems(draft))

/** Call it only when there are no problems. */
export const roomsWindow = (draft: RoomsDraft) => ({
  opensAt: opensAt(draft) ?? 0,
  closesAt: closesAt(draft) ?? 0,
})

export const roomsTemplate = () =>
  listTemplate('考场', '考官', '工作人员', '姓名', '考号', '手机', '密码', '时间')

/** The people who have no account yet, each once. */
export function withoutAccount(rows: readonly ImportProblem[]): string[] {
  const unknown = rows.filter(({ problem }) => problem === 'account_unknown')
  return [...new Set(unknown.flatMap(({ text }) => (text === undefined ? [] : [text])))]
}

/** How many of all get no SMS. */
export const withoutPhone = (rooms: readonly MadeRoom[]) =>
  rooms.reduce((sum, { without_phone }) => sum + without_phone, 0)
