// Which people stand on a candidate's screen.
import type { RoomState } from '../client'
import type { TileModel } from '../room/tiles'
import type { Contact } from './flow'

/** With the panel all of them; with the host those who send something; else only the own picture. */
export function within(all: readonly TileModel[], contact: Contact, room: RoomState | null): TileModel[] {
  switch (contact) {
    case 'panel':
    case 'listening':
      return [...all]
    case 'host': {
      const sending = new Set(room?.publications.map(({ participant }) => participant))
      return all.filter(({ self, id }) => self || sending.has(id))
    }
    case 'none':
      return all.filter(({ self }) => self)
  }
}
