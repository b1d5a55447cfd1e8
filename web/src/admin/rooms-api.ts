// Rooms from a table as the server makes them.
import { type ImportProblem, request, type ShownPerson } from './api'

/** A room that was, or would be, made from a table. */
export interface MadeRoom {
  /** Absent where nothing was made. */
  id?: string
  name: string
  examiners: string[]
  hosts: string[]
  candidates: number
  without_phone: number
  /** The first of them. */
  people: ShownPerson[]
  /** The earliest and the latest own time. */
  first_at: number | null
  last_at: number | null
}

export interface MadeRooms {
  rooms: MadeRoom[]
  candidates: number
  /** Headings of columns that are not used, behind their letters. */
  ignored: string[]
  warnings: ImportProblem[]
}

/** Rooms from a table, with an interview as their model: all of them, or none. */
export const makeRooms = (
  model: string,
  file: File,
  how: { dryRun: boolean; opensAt: number; closesAt: number },
): Promise<MadeRooms> => {
  const form = new FormData()
  form.append('file', file, file.name)
  const query = `dry_run=${how.dryRun}&opens_at=${how.opensAt}&closes_at=${how.closesAt}`
  return request('POST', `/api/admin/interviews/${encodeURIComponent(model)}/rooms?${query}`, form)
}
