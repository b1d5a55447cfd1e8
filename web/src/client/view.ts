// The view of an interview as it comes: whole once, then what is different.
import type { ListChange, MessageOf } from './protocol'

type View = Readonly<Record<string, unknown>>

/** The newest view; told in parts where it is large, and shown when it is whole. */
export class ViewParts {
  #view: View | null = null

  /** The view after this message; null while more of it follows. */
  take(message: MessageOf<'interview'> | MessageOf<'interview_change'>): View | null {
    if (message.type === 'interview') this.#view = message.view
    else if (this.#view) this.#view = changed(this.#view, message)
    return message.more ? null : this.#view
  }
}

function changed(view: View, { fields, lists }: MessageOf<'interview_change'>): View {
  const next: Record<string, unknown> = { ...view, ...fields }
  for (const [name, change] of Object.entries(lists)) next[name] = list(next[name], change)
  return next
}

function list(known: unknown, { length, elements }: ListChange): unknown[] {
  const next: unknown[] = Array.isArray(known) ? known.slice(0, length) : []
  for (const [place, element] of elements) next[place] = element
  return next
}
