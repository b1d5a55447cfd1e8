// Rehearsals as the server opens, ends and reports them.
import type { Language } from '../i18n/locale'
import { request, type StaffLink, type StaffSeat } from './api'
import type { Rehearsal, RehearsalReport } from './rehearsal'

const address = (interview: string, ...rest: string[]) =>
  `/api/admin/${['interviews', interview, 'rehearsals', ...rest].map(encodeURIComponent).join('/')}`

export const rehearsals = {
  /** The newest first. */
  all: (id: string) => request<Rehearsal[]>('GET', address(id)),
  open: (id: string) => request<Rehearsal>('POST', address(id), {}),
  end: (id: string, one: string) => request<Rehearsal>('POST', address(id, one, 'end'), {}),
  report: (id: string, one: string) => request<RehearsalReport>('GET', address(id, one)),
  /** The seats of the staff, of one that is open. */
  staff: (id: string, one: string) => request<StaffSeat[]>('GET', address(id, one, 'staff')),
  link: (id: string, one: string, seat: string) =>
    request<StaffLink>('POST', address(id, one, 'staff', seat, 'link'), {}),
  /** The address of the report as a table. */
  table: (id: string, one: string, lang: Language) => `${address(id, one, 'report.csv')}?lang=${lang}`,
}
