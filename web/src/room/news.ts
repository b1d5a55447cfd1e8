// What a screen reader is told when the room changes.
import type { RoomState } from '../client'

/** One announcement: a text and the name in it. */
export interface News {
  key: 'news.joined' | 'news.left' | 'news.interrupted' | 'news.returned'
  name: string
}

/** What happened between two states of one room. */
export function news(before: RoomState | null, after: RoomState | null): News[] {
  if (!before || !after || before.room !== after.room || before.participants === after.participants) return []
  const list: News[] = []
  const old = new Map(before.participants.map((participant) => [participant.id, participant]))
  for (const { id, name, connected } of after.participants) {
    const known = old.get(id)
    old.delete(id)
    if (!known) list.push({ key: 'news.joined', name })
    else if (known.connected && !connected) list.push({ key: 'news.interrupted', name })
    else if (!known.connected && connected) list.push({ key: 'news.returned', name })
  }
  for (const { name } of old.values()) list.push({ key: 'news.left', name })
  return list
}
